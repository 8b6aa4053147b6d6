// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * Which entries of the index belong to a source: a chain through those of its lane, whose ends are known. Whoever looks
 * for an instant need not pass over the entries of other sources, however seldom the source sends. Single-writer (the
 * ingest thread); readers look without locks.
 */
final class Chains {
    /** There is no such entry. */
    static final long NONE = -1;

    private static final VarHandle OLDEST = MethodHandles.arrayElementVarHandle(long[].class);

    private final ReservoirLog log;
    private final Index index;
    private final long[] oldest = new long[Ingest.MOST_RINGS]; // still there, of each source
    private final long[] newest = new long[Ingest.MOST_RINGS]; // there or not; the writer's own

    Chains(ReservoirLog log, Index index) {
        this.log = log;
        this.index = index;
        Arrays.fill(oldest, NONE);
        Arrays.fill(newest, NONE);
    }

    // ---- the writer ----

    /** An entry will be the first of its block; before it is published. */
    void begin(long block, long first) {
        for (int lane = 0; lane < newest.length; lane++) {
            index.last(block, lane, newest[lane] >= first ? newest[lane] : block);
        }
    }

    /** An entry has been written, and is just being published. */
    void added(long number, int lane, long first) {
        if (newest[lane] >= first) {
            index.link(newest[lane], number);
        } else {
            OLDEST.setRelease(oldest, lane, number);
        }
        newest[lane] = number;
    }

    /** The oldest entry of all is no longer there; its words still are. */
    void evicted(long number) {
        int lane = index.lane(number);
        long next = index.next(number);
        OLDEST.setRelease(oldest, lane, next == number ? NONE : next);
    }

    // ---- readers ----

    /** The last entry of a source before an entry (which may be one past the newest), or {@link #NONE}. */
    long lastBefore(long number, int lane) {
        long end = log.end();
        long at = Math.min(number, end) - 1;
        long first = log.first();
        if (at < first) {
            return NONE;
        }
        long last = index.lastUpTo(at, lane, end);
        return last <= at && log.holds(last) ? last : NONE;
    }

    /**
     * The entry that follows one of the same source, or if that one has gone the oldest that is still there and not
     * before {@code from}; {@link #NONE} as long as there is none.
     *
     * @param last may be {@link #NONE}
     */
    long following(long last, long from, int lane) {
        if (last != NONE) {
            long next = index.next(last);
            if (log.holds(last)) {
                return next == last ? NONE : next;
            }
        }
        return firstFrom(Math.max(from, log.first()), lane);
    }

    /** The first entry of a source from an entry on, or {@link #NONE} as long as there is none. */
    long firstFrom(long number, int lane) {
        while (true) {
            long before = lastBefore(number, lane);
            if (before != NONE) {
                long next = index.next(before);
                if (log.holds(before)) {
                    return next == before ? NONE : next;
                }
            }
            long first = (long) OLDEST.getAcquire(oldest, lane);
            if (before == NONE && (first == NONE || first >= number && log.holds(first))) {
                return first;
            }
            Thread.onSpinWait(); // the edge is just passing, or an item has just come
        }
    }
}
