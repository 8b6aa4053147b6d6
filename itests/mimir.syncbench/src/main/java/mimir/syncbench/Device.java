// SPDX-License-Identifier: Apache-2.0
package mimir.syncbench;

import java.util.SplittableRandom;

/**
 * A free-running device as its host sees it: the same scenario and seed give the same items, bit by bit. Confined.
 *
 * <p>Item n is taken at t(n), which integrates the device's rate (constant drift, a sinusoidal wander and a random walk
 * of the frequency); the transport delivers it when it is complete and ready, on the next tick of its grid if it has
 * one; the host sees it after a delay that is never below the floor, never before the item in front of it, and not
 * during a stall.
 */
public final class Device {
    private static final double WALK_STEP_S = 0.01;
    private static final double APART_NS = 1000; // of items that were held up and come in a burst

    private final Scenario scenario;
    private final SplittableRandom random;
    private final double drift;
    private final double wanderPhase;
    private final double gridPhaseNs;
    private final long hostStart;
    private final long deviceStart;
    private final double periodNs;
    private double walk;
    private double nextWalkS;
    private double takenNs;
    private long items = -1;
    private double skipTicks;
    private double lastArrivalNs = Double.NEGATIVE_INFINITY;
    private double stallFromNs;
    private double stallUntilNs;
    private int nextStep;
    private long deviceTime;
    private long hostNs;
    private double trueNs;

    /** The device of this scenario with this seed. */
    public Device(Scenario scenario, long seed) {
        this.scenario = scenario;
        random = new SplittableRandom(new SplittableRandom(31 * seed + scenario.name().hashCode()).nextLong());
        drift = (scenario.driftPpm() + scenario.driftSpreadPpm() * (2 * random.nextDouble() - 1)) * 1e-6;
        wanderPhase = random.nextDouble() * 2 * Math.PI;
        gridPhaseNs = random.nextDouble() * scenario.gridUs() * 1e3;
        hostStart = random.nextLong(1L << 50);
        deviceStart = random.nextLong(1L << 40);
        periodNs = scenario.itemTicks() * 1e9 / scenario.tickHz();
        takenNs = random.nextDouble() * periodNs;
        stallUntilNs = Double.NEGATIVE_INFINITY;
        planStall(0);
    }

    /** Goes on to the next item that reaches the host; false at the end of the scenario. */
    public boolean next() {
        do {
            items++;
            takenNs += items == 0 ? 0 : periodNs * (1 + rate(takenNs * 1e-9));
            step();
        } while (scenario.missing() > 0 && random.nextDouble() < scenario.missing());
        double complete = takenNs + (scenario.audio() ? periodNs : 0);
        double arrival = onGrid(complete + readyNs()) + delayNs(takenNs * 1e-9);
        if (arrival >= stallUntilNs && stallUntilNs >= stallFromNs) {
            planStall(stallUntilNs);
        }
        if (arrival >= stallFromNs && arrival < stallUntilNs) {
            arrival = stallUntilNs;
        }
        arrival = Math.max(arrival, lastArrivalNs + APART_NS);
        lastArrivalNs = arrival;
        deviceTime = deviceStart + Math.round(items * scenario.itemTicks() + skipTicks);
        hostNs = hostStart + Math.round(arrival);
        trueNs = takenNs;
        return takenNs < scenario.seconds() * 1e9;
    }

    /** What the device's clock says of the item. */
    public long deviceTime() {
        return deviceTime;
    }

    /** When the host saw it, ns. */
    public long hostNs() {
        return hostNs;
    }

    /** What the truth is: how far an estimate of when the item was taken, in ns of the host's clock, is above it. */
    public double error(long estimateNs) {
        return estimateNs - hostStart - trueNs;
    }

    /** The true rate of the device's clock now: true ns that pass in one nominal ns, minus 1. */
    public double rate() {
        return rate(takenNs * 1e-9);
    }

    /** Seconds since the start. */
    public double seconds() {
        return takenNs * 1e-9;
    }

    private double rate(double s) {
        while (nextWalkS <= s) {
            nextWalkS += WALK_STEP_S;
            walk += scenario.walkPpb() * 1e-9 * Math.sqrt(WALK_STEP_S) * random.nextGaussian();
        }
        double wander = scenario.wanderPpm() == 0 ? 0
                : scenario.wanderPpm() * 1e-6 * Math.sin(wanderPhase + 2 * Math.PI * s / scenario.wanderPeriodS());
        return drift + wander + walk;
    }

    private void step() {
        var steps = scenario.steps();
        if (nextStep < steps.size() && takenNs >= steps.get(nextStep).atS() * 1e9) {
            var step = steps.get(nextStep++);
            skipTicks += step.byUs() * 1e-6 * scenario.tickHz();
            takenNs += step.phaseUs() * 1e3;
            for (int lost = 0; lost < step.lostItems(); lost++) {
                takenNs += periodNs * (1 + drift);
            }
        }
    }

    private double onGrid(double ns) {
        double grid = scenario.gridUs() * 1e3;
        return grid == 0 ? ns : Math.ceil((ns - gridPhaseNs) / grid) * grid + gridPhaseNs;
    }

    private double readyNs() {
        return scenario.readyUs() == 0 ? 0
                : 1e3 * scenario.readyUs() * Math.exp(scenario.readySigma() * random.nextGaussian());
    }

    private double delayNs(double s) {
        double median = scenario.medianUs();
        for (var busy : scenario.busy()) {
            median = s >= busy.atS() && s < busy.atS() + busy.forS() ? busy.medianUs() : median;
        }
        double us = scenario.floorUs();
        if (median > 0) {
            us += median * Math.exp(scenario.sigma() * random.nextGaussian());
        }
        if (scenario.tailProbability() > 0 && random.nextDouble() < scenario.tailProbability()) {
            us += Math.min(scenario.tailMaxUs(), -Math.log1p(-random.nextDouble()) * scenario.tailMeanUs());
        }
        return us * 1e3;
    }

    private void planStall(double fromNs) {
        if (scenario.stallsPerHour() == 0) {
            stallFromNs = Double.POSITIVE_INFINITY;
            return;
        }
        stallFromNs = fromNs - Math.log1p(-random.nextDouble()) * 3600e9 / scenario.stallsPerHour();
        stallUntilNs = stallFromNs
                + 1e6 * (scenario.stallMinMs() + (scenario.stallMaxMs() - scenario.stallMinMs()) * random.nextDouble());
    }
}
