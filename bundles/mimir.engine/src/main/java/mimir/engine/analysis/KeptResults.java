// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mimir.api.reservoir.Retention;
import mimir.ring.Ring;
import mimir.ring.Rings;

/**
 * Results of parameters that no stage has now. They stay readable, but whoever tries a thousand values must not fill
 * the memory with them: beyond a number of rings, and of bytes, those go that ended first and that nobody reads.
 * Confined to the lock of the host but for
 * {@link #retention}.
 */
final class KeptResults {
    /** Rings that stay. */
    static final int MOST = 32;
    /** What they may take together; the ring that ended last stays whatever it takes. */
    static final long MOST_BYTES = 64L << 20;

    private final Rings rings;
    private volatile Retention retention; // null where there is none
    private final Map<ResultHome, Long> homes = new LinkedHashMap<>(); // and bytes, in the order of their ends

    KeptResults(Rings rings) {
        this.rings = rings;
    }

    void retention(Retention now) {
        retention = now;
    }

    boolean isEmpty() {
        return homes.isEmpty();
    }

    /** A stage writes there. */
    void begun(ResultHome home) {
        homes.remove(home);
    }

    /** Nobody writes there any more. */
    void ended(ResultHome home, Ring ring) {
        if (home.isOfParameters()) {
            homes.remove(home);
            homes.put(home, ring.stats().regionBytes());
        }
    }

    /** Frees what is too much. Returns what was freed. */
    List<ResultHome> trim() {
        return free(MOST, MOST_BYTES, 1);
    }

    /** Frees all that nobody reads. */
    List<ResultHome> clear() {
        return free(0, 0, 0);
    }

    private List<ResultHome> free(int most, long mostBytes, int least) {
        var freed = new ArrayList<ResultHome>();
        long bytes = homes.values().stream().mapToLong(Long::longValue).sum();
        int left = homes.size();
        for (var home : List.copyOf(homes.keySet())) {
            boolean tooMuch = homes.size() > most || bytes > mostBytes;
            if (tooMuch && left-- > least && home.free(rings, retention)) {
                bytes -= homes.remove(home);
                freed.add(home);
            }
        }
        return freed;
    }
}
