// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import mimir.api.reservoir.Missing;
import mimir.ring.Descriptor;

/**
 * When items of one ring were lost, and why: runs of them, of which a fixed number is kept; of more the oldest two
 * become one. Single-writer (the ingest thread); {@link #between} may be asked by any, which looks again when a run was
 * written meanwhile.
 */
final class Missed {
    static final int REFUSED = 0;
    static final int OVERTAKEN = 1;
    static final int OVERWRITTEN = 2;
    static final int AT_SOURCE = 3;
    static final int MOST = 64;

    private static final int FIRST = 0;   // words of a run: time of its first item, of its last, and how many by reason
    private static final int LAST = 1;
    private static final int COUNTS = 2;
    private static final int WORDS = COUNTS + 4;
    private static final VarHandle VERSION = field("version");
    private static final VarHandle EVICTED_NS = field("evictedNs");

    private final long[] runs = new long[MOST * WORDS];
    private long version; // odd while a run is written
    private int oldest;   // run
    private int count;    // of runs
    private boolean refusing; // nothing was taken in since an item was refused
    private boolean seen; // an item, whose these are:
    private int epoch;
    private long sequence;
    private long ns;
    private volatile long firstNs = Long.MAX_VALUE; // of the very first item
    private long evictedNs = Long.MIN_VALUE;        // of the newest item that is evicted

    private static VarHandle field(String name) {
        try {
            return MethodHandles.lookup().findVarHandle(Missed.class, name, long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    // ---- the ingest thread ----

    /** The next item came: those before it that did not are lost, at the source as far as it tells that. */
    void sees(Descriptor item, long canonicalNs) {
        long told = item.has(Descriptor.GAP_BEFORE) ? item.gapItems() : 0;
        boolean goesOn = seen && item.epoch() == epoch;
        long hole = goesOn ? Math.max(0, item.sequence() - sequence - 1) : 0;
        if (told > 0) {
            lose(AT_SOURCE, told, canonicalNs);
        }
        if (hole > told) {
            lose(OVERTAKEN, hole - told, canonicalNs);
        }
        if (!seen) {
            firstNs = canonicalNs;
        }
        seen = true;
        epoch = item.epoch();
        sequence = item.sequence();
        ns = canonicalNs;
    }

    /** The item that was seen is there. */
    void took() {
        refusing = false;
    }

    /** The edge passed the oldest item. */
    void evicted(long canonicalNs) {
        EVICTED_NS.setOpaque(this, Math.max(evictedNs, canonicalNs));
    }

    /** Items between the one before and one of this time. */
    private void lose(int reason, long items, long beforeNs) {
        long from = seen ? Math.min(ns, beforeNs) : beforeNs;
        long step = (beforeNs - from) / (items + 1);
        lose(reason, items, from + step, beforeNs - step);
    }

    /** An item of this time, which is the newest that came unless it was overwritten. */
    void lose(int reason, long canonicalNs) {
        lose(reason, 1, canonicalNs, canonicalNs);
        refusing |= reason == REFUSED;
    }

    private void lose(int reason, long items, long fromNs, long toNs) {
        long before = version;
        VERSION.setOpaque(this, before + 1);
        VarHandle.storeStoreFence();
        int run = run(reason, fromNs);
        runs[run + FIRST] = Math.min(runs[run + FIRST], fromNs);
        runs[run + LAST] = Math.max(runs[run + LAST], toNs);
        runs[run + COUNTS + reason] += items;
        VERSION.setRelease(this, before + 2);
    }

    /** The newest run where it goes on with that, else a new one. */
    private int run(int reason, long fromNs) {
        int newest = (oldest + count - 1 + MOST) % MOST * WORDS;
        boolean same = count > 0 && runs[newest + COUNTS + reason] > 0;
        if (same && (reason == REFUSED && refusing || reason == OVERWRITTEN && fromNs >= runs[newest + LAST])) {
            return newest;
        }
        if (count == MOST) {
            joinOldest();
        }
        int run = (oldest + count++) % MOST * WORDS;
        runs[run + FIRST] = fromNs;
        runs[run + LAST] = fromNs;
        for (int word = COUNTS; word < WORDS; word++) {
            runs[run + word] = 0;
        }
        return run;
    }

    private void joinOldest() {
        int from = oldest * WORDS;
        oldest = (oldest + 1) % MOST;
        int into = oldest * WORDS;
        runs[into + FIRST] = Math.min(runs[into + FIRST], runs[from + FIRST]);
        runs[into + LAST] = Math.max(runs[into + LAST], runs[from + LAST]);
        for (int word = COUNTS; word < WORDS; word++) {
            runs[into + word] += runs[from + word];
        }
        count--;
    }

    // ---- others ----

    /**
     * What is missing of a stretch of time, canonical, ns; as many items were evicted in all. Blocks while a run is
     * written, some ns. Allocates.
     */
    Missing between(long fromNs, long toNs, long evicted) {
        while (true) {
            long before = (long) VERSION.getAcquire(this);
            var missing = before % 2 == 0 ? look(fromNs, toNs, evicted) : null;
            VarHandle.loadLoadFence();
            if (missing != null && (long) VERSION.getOpaque(this) == before) {
                return missing;
            }
            Thread.onSpinWait();
        }
    }

    private Missing look(long fromNs, long toNs, long evicted) {
        var items = new long[WORDS - COUNTS];
        for (int n = 0; n < count; n++) {
            int run = (oldest + n) % MOST * WORDS;
            for (int reason = 0; reason < items.length; reason++) {
                items[reason] += within(runs[run + FIRST], runs[run + LAST], runs[run + COUNTS + reason], fromNs, toNs);
            }
        }
        return new Missing(within(firstNs, (long) EVICTED_NS.getOpaque(this), evicted, fromNs, toNs), items[REFUSED],
                items[OVERTAKEN], items[OVERWRITTEN], items[AT_SOURCE]);
    }

    /** Of items that lie evenly between two instants, those of an interval; intervals side by side add up. */
    private static long within(long firstNs, long lastNs, long items, long fromNs, long toNs) {
        return items <= 0 || toNs <= fromNs ? 0 : before(firstNs, lastNs, items, toNs)
                - before(firstNs, lastNs, items, fromNs);
    }

    private static long before(long firstNs, long lastNs, long items, long ns) {
        if (ns <= firstNs) {
            return 0;
        }
        return ns > lastNs ? items : Math.min(items, 1 + (long) ((ns - 1 - firstNs) * (items - 1.0)
                / (lastNs - firstNs)));
    }
}
