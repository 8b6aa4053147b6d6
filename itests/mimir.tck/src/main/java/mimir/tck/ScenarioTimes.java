// SPDX-License-Identifier: Apache-2.0
package mimir.tck;

import mimir.driver.sim.Scenario;
import mimir.driver.sim.Scenario.Happening;
import mimir.driver.sim.Scenario.Moment;
import mimir.ring.DropReason;

/**
 * When things happen to a simulated device and to which of its items, by docs/scenario.md: what the driver does in C by
 * the clock, computed. Times in ns since the start of the device. Confined.
 */
final class ScenarioTimes {
    /** {@link #click} when there is none. */
    static final int NO_CLICK = Integer.MIN_VALUE;

    private static final double TWO_PI = 2 * Math.PI;
    private static final int MISSING = 0;
    private static final int JITTER_RADIUS = 1;
    private static final int JITTER_ANGLE = 2;
    private static final int TAIL = 3;
    private static final int TAIL_LENGTH = 4;
    private static final int WANDER = 5;
    private static final int TICKS = 6;

    private final Scenario scenario;
    private final long originNs;
    private final double unitNs;
    private final int units;
    private final long eventsNs;
    private long startNs;     // of unit 0 since its last restart
    private double nominalNs; // what its clock had run until then
    private long number;      // running number of item 0
    private long restarts;

    /** An item. Immutable. */
    record Item(long trueNs, long arrivalNs, DropReason loss) {
    }

    /**
     * Of a device that starts now.
     *
     * @param originNs that instant in canonical time, which decides where common events lie
     */
    ScenarioTimes(Scenario scenario, long originNs) {
        var format = scenario.mode().format();
        this.scenario = scenario;
        this.originNs = originNs;
        this.unitNs = 1e9 * format.rateDenominator() / format.rateNumerator();
        this.units = scenario.mode().audio() ? format.height() : 1;
        this.eventsNs = Math.round(scenario.eventsPeriodMs() * 1e6);
        this.startNs = Math.round(scenario.phaseMs() * 1e6);
    }

    /** Evenly distributed bits: the same numbers give the same bits. */
    private long random(long of, int stream) {
        long z = scenario.seed() * 0xD1342543DE82EF95L + (of * 8 + stream + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    /** In (0, 1]: its logarithm exists. */
    private double uniform(long of, int stream) {
        return ((random(of, stream) >>> 11) + 1) * 0x1p-53;
    }

    /** The device is plugged in again: it counts from 0, its oscillator has gone on. */
    void restart(long sequence, long trueNs) {
        nominalNs += (double) sequence * units * unitNs;
        startNs = trueNs;
        number += sequence;
        restarts++;
    }

    private double wanderedNs(double sinceOriginNs) {
        double periodNs = scenario.clock().wanderPeriodS() * 1e9;
        double phase = TWO_PI * uniform(0, WANDER);
        double amplitude = scenario.clock().wanderPpm() * 1e-6 * periodNs / TWO_PI;
        return amplitude * (Math.cos(phase) - Math.cos(TWO_PI * sinceOriginNs / periodNs + phase));
    }

    private long trueNs(double unit) {
        double nominal = unit * unitNs;
        double ran = nominal * (1 + scenario.clock().driftPpm() * 1e-6);
        if (scenario.clock().wanderPpm() != 0) {
            ran += wanderedNs(nominalNs + nominal) - wanderedNs(nominalNs);
        }
        return startNs + (long) Math.floor(ran + 0.5);
    }

    /** Everything about an item that no other item decides. */
    Item item(long sequence) {
        double first = (double) sequence * units;
        long trueNs = trueNs(first);
        long number = this.number + sequence;
        long endNs = trueNs(scenario.mode().audio() ? first + units : first + 0.5);
        long arrivalNs = batched(endNs + delayNs(number));
        if (unpluggedUntil(trueNs) != 0) {
            return new Item(trueNs, arrivalNs, DropReason.UNPLUGGED);
        }
        return missing(number) ? new Item(trueNs, arrivalNs, DropReason.MISSING) : stalled(trueNs, arrivalNs);
    }

    private long delayNs(long of) {
        var jitter = scenario.jitter();
        double delay = Math.round(jitter.delayUs() * 1e3);
        if (jitter.medianUs() > 0) {
            double normal = Math.sqrt(-2 * Math.log(uniform(of, JITTER_RADIUS)))
                    * Math.cos(TWO_PI * uniform(of, JITTER_ANGLE));
            delay += jitter.medianUs() * 1e3 * Math.exp(jitter.sigma() * normal);
        }
        if (jitter.tailProbability() > 0 && uniform(of, TAIL) <= jitter.tailProbability()) {
            delay -= jitter.tailMeanUs() * 1e3 * Math.log(uniform(of, TAIL_LENGTH));
        }
        return (long) delay;
    }

    private long batched(long arrivalNs) {
        long batchNs = Math.round(scenario.batchMs() * 1e6);
        return batchNs == 0 ? arrivalNs : (arrivalNs + batchNs - 1) / batchNs * batchNs;
    }

    private static boolean covers(Moment moment, long atNs) {
        return atNs >= moment.atNs() && atNs < moment.endNs();
    }

    /** End of the unplugging that covers an instant, or 0. */
    long unpluggedUntil(long atNs) {
        for (var moment : scenario.moments()) {
            if (moment.what() == Happening.UNPLUG && covers(moment, atNs)) {
                return moment.endNs();
            }
        }
        return 0;
    }

    private boolean missing(long of) {
        double probability = scenario.missing().probability();
        return scenario.missing().numbers().contains(of) || probability > 0 && uniform(of, MISSING) <= probability;
    }

    /** A stall either swallows the item or puts its arrival off. */
    private Item stalled(long trueNs, long arrival) {
        long arrivalNs = arrival;
        DropReason loss = null;
        for (var moment : scenario.moments()) {
            if (moment.what() == Happening.STALL_LOST && covers(moment, arrivalNs)) {
                loss = DropReason.STALLED;
            } else if (moment.what() == Happening.STALL_LATE && covers(moment, arrivalNs)) {
                arrivalNs = moment.endNs();
            }
        }
        return new Item(trueNs, arrivalNs, loss);
    }

    /** What the device clock says at an item: samples or ticks. */
    long deviceTime(long sequence, long trueNs) {
        long steppedNs = 0;
        for (var moment : scenario.moments()) {
            boolean since = moment.atNs() <= trueNs && moment.atNs() >= startNs;
            steppedNs += moment.what() == Happening.STEP && since ? moment.valueNs() : 0;
        }
        double steppedS = steppedNs * 1e-9;
        var format = scenario.mode().format();
        if (scenario.mode().audio()) {
            return sequence * units + (long) Math.floor(steppedS * format.rateHz() + 0.5);
        }
        // up to an hour since its power came on: no two devices, and no two restarts, count from the same instant
        double nowS = 3600 * uniform(restarts, TICKS) + sequence * unitNs * 1e-9 + steppedS;
        return (long) Math.floor(nowS * format.deviceTickHz() + 0.5);
    }

    /** The last common event at or before an instant. */
    private long eventBefore(long atNs) {
        return atNs - Math.floorMod(originNs + atNs, eventsNs);
    }

    /** True when a common event falls into the exposure of a frame: half a period to both sides of its true time. */
    boolean flashes(long sequence) {
        return eventsNs != 0 && eventBefore(trueNs(sequence + 0.5) - 1) >= trueNs(sequence - 0.5);
    }

    /** Where in a block a click begins; -1: with the last sample before it; {@link #NO_CLICK}: nowhere. */
    int click(long sequence) {
        double first = (double) sequence * units;
        if (eventsNs == 0) {
            return NO_CLICK;
        }
        long from = trueNs(first - 2);
        long to = trueNs(first + units - 1);
        long event = eventBefore(to);
        if (event <= from) {
            return NO_CLICK;
        }
        // nearly right at once, for within a block the clock is straight; then exactly
        double unit = first - 2 + Math.floor((double) (event - from) / (to - from) * (units + 1));
        while (unit > first - 1 && trueNs(unit - 1) >= event) {
            unit--;
        }
        while (trueNs(unit) < event) {
            unit++;
        }
        return unit < first - 1 ? NO_CLICK : (int) (unit - first);
    }
}
