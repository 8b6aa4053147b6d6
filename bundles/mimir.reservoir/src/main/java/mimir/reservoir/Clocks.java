// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import mimir.api.time.ClockMap;
import mimir.api.time.ClockMaps;
import mimir.ring.Descriptor;

/** Which clock map holds for an item. Thread-safe; allocates nothing. */
final class Clocks {
    private static final long LONGEST_DELAY_NS = 2_000_000_000L; // between taking an item and its arrival

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
        return delay >= -map.uncertaintyNs() - 1_000_000 && delay <= LONGEST_DELAY_NS;
    }
}
