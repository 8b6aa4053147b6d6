// SPDX-License-Identifier: Apache-2.0
package mimir.driver.sim;

import java.util.List;
import mimir.api.source.DeviceIdentity;
import mimir.ring.Abi;
import mimir.ring.RingFormat;
import mimir.ring.RingSpec;

/**
 * What a simulated device does: the scenario of a rig, checked, with every default filled in (docs/scenario.md).
 * Immutable.
 *
 * @param seed the same seed gives the same faults and the same jitter
 * @param mode what it sends
 * @param phaseMs first item this long after the start, ms
 * @param clock its clock
 * @param jitter how items are delayed on their way
 * @param batchMs arrivals wait for the next multiple of this since the start, ms; 0: none
 * @param missing which items it skips
 * @param moments stalls, steps and unpluggings
 * @param eventsPeriodMs flash or click at each multiple of this in canonical time, ms; 0: none
 * @param hangOnStop its worker will not stop
 * @param identity what it tells of itself
 * @param ports where it is after the first, the second… time that it was plugged in again; empty: where it was
 */
public record Scenario(long seed, Mode mode, double phaseMs, Clock clock, Jitter jitter, double batchMs,
        Missing missing, List<Moment> moments, double eventsPeriodMs, boolean hangOnStop,
        DeviceIdentity identity, List<String> ports) {

    /** What a device sends, and what people call such a device. Immutable. */
    public record Mode(RingFormat format, boolean audio, String device) {
        /** Items a second. */
        public double itemsPerSecond() {
            return audio ? format.rateHz() / format.height() : format.rateHz();
        }
    }

    /** The device's oscillator: constant and slowly wandering deviation. Immutable. */
    public record Clock(double driftPpm, double wanderPpm, double wanderPeriodS) {
    }

    /** Delay from the end of an item to its arrival. Immutable. */
    public record Jitter(double delayUs, double medianUs, double sigma, double tailProbability, double tailMeanUs) {
    }

    /** Items that the device skips: some by chance, some by their running number. Immutable. */
    public record Missing(double probability, List<Long> numbers) {
        /** The list is copied. */
        public Missing {
            numbers = List.copyOf(numbers);
        }
    }

    /** What happens at a moment, in the order of {@code enum mimir_sim_happening}, from 1. Immutable. */
    public enum Happening { STALL_LOST, STALL_LATE, STEP, UNPLUG }

    /** Something that happens once; times in ns, {@code atNs} since the start. Immutable. */
    public record Moment(Happening what, long atNs, long valueNs) {
        /** End of what lasts, ns since the start. */
        public long endNs() {
            return atNs + valueNs;
        }
    }

    /** The list is copied. */
    public Scenario {
        moments = List.copyOf(moments);
        ports = List.copyOf(ports);
    }

    /** What it tells of itself after it was plugged in so many times again. */
    public DeviceIdentity identity(int replugs) {
        var now = identity;
        for (var port : ports.subList(0, Math.min(replugs, ports.size()))) {
            now = port.isEmpty() ? now : now.at(port);
        }
        return now;
    }

    /** True when it comes back at another port. */
    boolean moves() {
        return !identity.equals(identity(ports.size()));
    }

    /** The ring that the device needs. */
    public RingSpec ring(String id) {
        var format = mode.format();
        int kind = mode.audio() ? Abi.ITEM_AUDIO : Abi.ITEM_FRAME;
        return new RingSpec(id, kind, mode.itemsPerSecond(), format.payloadBytes(), format,
                RingSpec.Writer.NATIVE);
    }
}
