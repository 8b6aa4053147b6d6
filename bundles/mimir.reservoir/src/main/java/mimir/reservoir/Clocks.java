// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import mimir.api.media.SampleFormat;
import mimir.api.time.ClockMap;
import mimir.api.time.ClockMaps;
import mimir.ring.Descriptor;
import mimir.ring.RingFormat;

/** Which clock map holds for an item. Thread-safe; allocates nothing. */
final class Clocks {
    /** Longest time between taking an item and its arrival. */
    static final long LONGEST_DELAY_NS = 2_000_000_000L;
    /** By so much an item may come sooner than its clock map says, beside what that says of itself. */
    static final long EARLY_NS = 1_000_000;
    private static final long STATED_NS = 20_000_000;

    private volatile ClockMaps maps;

    /** Who knows the maps from now on; null for nobody. */
    void maps(ClockMaps now) {
        maps = now;
    }

    ClockMaps maps() {
        return maps;
    }

    /** The newest map of a source, or null. */
    ClockMap of(String source) {
        var all = maps;
        return all == null ? null : all.of(source);
    }

    /** What is stated as uncertainty of an item's host time, for want of a measurement: its length, and 20 ms. */
    static long statedNs(RingFormat format) {
        boolean sound = format.code() == SampleFormat.F32_PLANAR.code();
        return STATED_NS + Math.round((sound ? format.height() : 1) * 1e9 / format.rateHz());
    }

    /**
     * True when a map holds for an item: of its epoch, and of its segment, for a map of another one would tell that the
     * item was taken after it came, or long before.
     *
     * @param map may be null
     */
    static boolean fits(ClockMap map, Descriptor item) {
        if (map == null || item.deviceClock() == Descriptor.CLOCK_NONE || map.epoch() != item.epoch()) {
            return false;
        }
        long delay = item.hostTimeNs() - map.canonicalNs(item.deviceTime());
        return delay >= -map.uncertaintyNs() - EARLY_NS && delay <= LONGEST_DELAY_NS;
    }
}
