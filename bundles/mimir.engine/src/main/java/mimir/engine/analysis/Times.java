// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import mimir.api.time.ClockMaps;
import mimir.ring.Descriptor;

/** Canonical time of items: by the clock map of their source, by their host time where there is none. Thread-safe. */
public final class Times {
    private volatile ClockMaps maps;

    /** Who knows the maps from now on; null for nobody. */
    public void maps(ClockMaps now) {
        maps = now;
    }

    ClockMaps maps() {
        return maps;
    }

    long canonicalNs(String source, Descriptor item) {
        var all = maps;
        var map = all == null || item.deviceClock() == Descriptor.CLOCK_NONE ? null : all.of(source);
        return map == null || map.epoch() != item.epoch() ? item.hostTimeNs() : map.canonicalNs(item.deviceTime());
    }
}
