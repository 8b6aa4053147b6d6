// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import mimir.ring.Ring;
import mimir.ring.RingException;
import org.osgi.service.log.Logger;

/**
 * The rings that were opened to be kept and were published before all of their pages were there. Whose ring has the
 * least is served first, so that all of them stay ahead of their writers. Thread-safe; {@link #step} belongs to a
 * worker.
 */
final class RingPages {
    private final Logger log;
    private final List<Ring> lacking = new ArrayList<>(); // guarded by this
    private boolean served;                               // guarded by this

    /** @param served somebody works on it already */
    RingPages(boolean served, Logger log) {
        this.served = served;
        this.log = log;
    }

    /** A ring that may lack pages. True when somebody has to begin to work on it. */
    synchronized boolean add(Ring ring) {
        if (ring.deep() && ring.present() < 1 && !lacking.contains(ring)) {
            lacking.add(ring);
        }
        boolean idle = !served && !lacking.isEmpty();
        served |= idle;
        return idle;
    }

    /** Whoever works on it may end: nothing lacks, or a later {@link #add} says that somebody has to begin again. */
    synchronized boolean ends() {
        served = !lacking.isEmpty();
        return !served;
    }

    /** Makes the next pages. False when no ring lacks any. Blocks. */
    boolean step(long bytes) {
        var ring = neediest();
        if (ring == null) {
            return false;
        }
        boolean more = false;
        try {
            more = ring.makePages(bytes);
        } catch (RingException noMemory) {
            log.warn("the ring of {} makes the rest of its memory as it is written: {}", ring.identity(),
                    noMemory.getMessage());
        }
        synchronized (this) {
            if (!more) {
                lacking.remove(ring);
            }
            return !lacking.isEmpty();
        }
    }

    private synchronized Ring neediest() {
        return lacking.stream().min(Comparator.comparingDouble(Ring::present)).orElse(null);
    }
}
