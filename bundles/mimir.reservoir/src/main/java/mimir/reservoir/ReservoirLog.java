// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import mimir.ring.Descriptor;
import mimir.ring.MappedMemory;

/**
 * The memory of the reservoir: an {@link Index} and a byte log, both circular, over one budget. Single-writer (the
 * ingest thread); readers look without locks and ask {@link #holds} again after reading.
 *
 * <pre>
 *   record, 64-byte aligned: descriptor 128 | payload bytes 8 | format 4 | -- 4 |
 *   entry before 8 | entry further back 8 | its ordinal 8 | -- 24 | payload
 * </pre>
 *
 * Positions and entry numbers only grow; the place is the position modulo the capacity, and a record never wraps.
 * Eviction knows bytes and entries, nothing else. The edge is the instant from which on everything that was taken in
 * is still there; it never goes back.
 */
final class ReservoirLog {
    static final int RECORD_HEADER = 192;
    /** {@link #reserve}: pinned items are in the way, or the item is larger than the whole log. */
    static final long REFUSED = -1;
    /** {@link #reserve}: the pages are still being made. */
    static final long NO_PAGES = -2;

    /** Pages that are of use without the others: two seconds of six cameras and audio. */
    private static final long ENOUGH = 512L << 20;
    private static final long PAGE = 4096;
    private static final int NEAR = 8; // entries: two lines of keys
    private static final long AT_BYTES = Descriptor.BYTES;
    private static final long AT_FORMAT = AT_BYTES + 8;
    private static final long AT_BEFORE = AT_BYTES + 16;
    private static final long AT_JUMP = AT_BYTES + 24;
    private static final long AT_JUMP_ORDINAL = AT_BYTES + 32;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final VarHandle FIRST = field("first");
    private static final VarHandle END = field("end");
    private static final VarHandle EDGE = field("edge");
    private static final VarHandle EVICTING = field("evicting");

    final Index index;
    final Chains chains;
    private final MappedMemory mapping;
    private final MemorySegment memory;
    private final MemorySegment readOnly;
    private final long logStart;
    private final long logBytes;
    private final long enough;
    private final Evictions evictions;
    private long first;                     // oldest entry that is still there
    private long end;                       // one past the newest complete entry
    private long edge = Long.MIN_VALUE;
    private long evicting = Long.MIN_VALUE; // key of the entry that is just being evicted
    private long head;                      // log position of the next record; the writer's own
    private long lastKey = Long.MIN_VALUE;  // the writer's own
    private volatile long pinnedFrom = Long.MAX_VALUE;
    private volatile long turnEnd;          // place where the turn before this one ended
    private volatile long populated;
    private volatile boolean pagesEnded;
    private volatile boolean closed;

    /** Told each entry that the edge passes; the ingest thread. */
    interface Evictions {
        void evicted(int source, long payloadBytes);
    }

    ReservoirLog(long budgetBytes, Evictions evictions) {
        this(budgetBytes, ENOUGH, evictions);
    }

    /** @param enough bytes of the log in which it goes round rather than wait for the pages of the rest */
    ReservoirLog(long budgetBytes, long enough, Evictions evictions) {
        this.enough = enough;
        this.evictions = evictions;
        logStart = Index.bytesFor(budgetBytes) + PAGE - 1 & -PAGE;
        logBytes = budgetBytes - logStart & -PAGE;
        mapping = MappedMemory.anonymous(logStart + logBytes);
        memory = mapping.segment();
        readOnly = memory.asReadOnly();
        index = Index.at(memory, budgetBytes);
        chains = new Chains(this, index);
    }

    private static VarHandle field(String name) {
        try {
            return MethodHandles.lookup().findVarHandle(ReservoirLog.class, name, long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    // ---- control threads ----

    /** Makes the next pages present, at first those of the index as well: 0.1 to 4 s per GiB. False when all are. */
    boolean populate(long stepBytes) {
        long from = populated;
        long step = Math.min(from == 0 ? logStart + stepBytes : stepBytes, memory.byteSize() - from);
        if (step > 0) {
            mapping.populate(from, step);
            populated = from + step;
        }
        return populated < memory.byteSize();
    }

    /** True when the pages that are there are of use without the others. */
    boolean hasEnough() {
        return populated - logStart >= enough;
    }

    /** No more pages will come, all or not. */
    void endPages() {
        pagesEnded = true;
    }

    /**
     * Sets the instant from which on nothing may be evicted. False when the edge has passed it already. Together with
     * {@link #evict} this is a handshake of two flags: either the writer sees the pin, or the pin sees the eviction.
     */
    boolean pinFrom(long ns) {
        pinnedFrom = ns;
        while ((long) EVICTING.getVolatile(this) >= ns) {
            Thread.onSpinWait();
        }
        return edge() <= ns;
    }

    /**
     * Gives the memory back once the ingest thread has ended; later use throws {@link IllegalStateException}. False
     * when somebody hands the memory to a system call for longer than that: it then stays mapped.
     */
    boolean close(Duration atMost) {
        closed = true;
        long deadline = System.nanoTime() + atMost.toNanos();
        while (true) {
            try {
                mapping.close();
                return true;
            } catch (IllegalStateException inUse) {
                if (System.nanoTime() >= deadline) {
                    return false;
                }
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    // ---- the writer ----

    /** Makes room for a record. Returns the offset in {@link #memory} where it goes, or why there is none. */
    long reserve(long payloadBytes) {
        long bytes = recordBytes(payloadBytes);
        long turn = turnBytes();
        if (bytes > turn) {
            return REFUSED;
        }
        long place = head % logBytes;
        long skipped = place + bytes > turn ? logBytes - place : 0; // the rest of this turn stays empty
        place = skipped > 0 ? 0 : place;
        if (logStart + place + bytes > populated) {
            return NO_PAGES;
        }
        while (first < end && (head + skipped + bytes - index.position(first) > logBytes
                || end - first >= index.entries)) {
            if (!evict()) {
                return REFUSED;
            }
        }
        if (skipped > 0) {
            turnEnd = logBytes - skipped;
            head += skipped;
        }
        return logStart + place;
    }

    /**
     * Where the log goes round: in the pages that are there, once they are of use by themselves. Pages that a host
     * makes slowly then cost depth, not items; the next turn is as long as what has come until then.
     */
    private long turnBytes() {
        return pagesEnded || hasEnough() ? populated - logStart : logBytes;
    }

    private static long recordBytes(long payloadBytes) {
        return RECORD_HEADER + (payloadBytes + 63 & -64);
    }

    private boolean evict() {
        long key = index.key(first);
        EVICTING.setVolatile(this, key); // before the look at the pin: see pinFrom
        boolean free = key < pinnedFrom;
        if (free) {
            int source = index.source(first);
            long bytes = payloadBytes(record(index.position(first)));
            EDGE.setRelease(this, key + 1);
            FIRST.setRelease(this, first + 1);
            VarHandle.storeStoreFence(); // readers must see that it is gone before any byte of it changes
            chains.evicted(first - 1);
            evictions.evicted(source, bytes);
        }
        EVICTING.setRelease(this, Long.MIN_VALUE);
        return free;
    }

    /** Writes what the {@link Ladder} of its source says of the record at the reserved place. */
    void link(long place, long before, long jump, long jumpOrdinal) {
        memory.set(LONG, place + AT_BEFORE, before);
        memory.set(LONG, place + AT_JUMP, jump);
        memory.set(LONG, place + AT_JUMP_ORDINAL, jumpOrdinal);
    }

    /**
     * Publishes the record at the reserved place: its descriptor, links and payload are written already. Returns the
     * number of its entry.
     */
    long commit(long place, SourceTrack track, long ordinal, long canonicalNs, long payloadBytes, int format) {
        memory.set(LONG, place + AT_BYTES, payloadBytes);
        memory.set(INT, place + AT_FORMAT, format);
        lastKey = Math.max(lastKey, canonicalNs);
        if ((end & Index.BLOCK - 1) == 0) {
            chains.begin(end, first);
        }
        index.put(end, track, lastKey, canonicalNs, head, ordinal);
        head += recordBytes(payloadBytes);
        chains.added(end, track.lane, first); // before the end: who sees the entry finds it in its chain as well
        END.setRelease(this, end + 1);
        return end - 1;
    }

    /** Where payload goes; the ingest thread. */
    MappedMemory mapping() {
        return mapping;
    }

    /** Writable memory, for the ingest thread. */
    MemorySegment memory() {
        return memory;
    }

    // ---- readers ----

    MemorySegment readOnly() {
        return readOnly;
    }

    /** What it can hold with the pages that are there, bytes; grows to its part of the budget. */
    long capacityBytes() {
        return Math.max(0, populated - logStart);
    }

    /** Of a budget, what has its pages: all of it once they all have, whatever rounding left over. */
    long presentOf(long budgetBytes) {
        long present = populated;
        return present == memory.byteSize() ? budgetBytes : present;
    }

    long first() {
        return (long) FIRST.getAcquire(this);
    }

    /** One past the newest entry. Throws {@link IllegalStateException} when the reservoir has stopped. */
    long end() {
        if (closed) {
            throw new IllegalStateException("the reservoir has stopped and its history is gone; open it anew");
        }
        return (long) END.getAcquire(this);
    }

    /** Canonical time from which on everything is there, ns; {@link Long#MIN_VALUE} while nothing was evicted. */
    long edge() {
        return (long) EDGE.getAcquire(this);
    }

    /** True when the entry is still there; ask after reading it. */
    boolean holds(long number) {
        VarHandle.acquireFence(); // what was read must have been read before the look at `first`
        return (long) FIRST.getOpaque(this) <= number;
    }

    /** Offset in {@link #readOnly} of the record at a log position. */
    long record(long position) {
        return logStart + position % logBytes;
    }

    long payloadBytes(long record) {
        return memory.get(LONG, record + AT_BYTES);
    }

    int format(long record) {
        return memory.get(INT, record + AT_FORMAT);
    }

    /** Entry of the item before it of the same source; see {@link Ladder}. */
    long before(long record) {
        return memory.get(LONG, record + AT_BEFORE);
    }

    /** Entry of an item further back of the same source. */
    long jump(long record) {
        return memory.get(LONG, record + AT_JUMP);
    }

    /** Ordinal of that item. */
    long jumpOrdinal(long record) {
        return memory.get(LONG, record + AT_JUMP_ORDINAL);
    }

    /** Number of the first entry whose key is not below {@code ns}; those that went meanwhile count as below. */
    long search(long ns) {
        while (true) {
            long found = search(ns, first(), end());
            if (holds(found)) {
                return found;
            }
        } // a key that was overwritten is a later one: it can only have led to what is gone
    }

    /**
     * By the keys of blocks, which a processor has at hand, then near where the entry would be if they came evenly: a
     * look at memory that nobody has at hand takes a tenth of the whole.
     */
    private long search(long ns, long first, long end) {
        long low = (first + Index.BLOCK - 1) / Index.BLOCK;
        long high = (end + Index.BLOCK - 1) / Index.BLOCK;
        while (low < high) {
            long middle = low + high >>> 1;
            if (index.blockKey(middle * Index.BLOCK) < ns) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        long from = Math.max(first, (low - 1) * Index.BLOCK);
        long to = Math.min(end, low * Index.BLOCK);
        if (to - from == Index.BLOCK && to < end) {
            double begin = index.blockKey(from);
            long guess = from + (long) ((ns - begin) / (index.blockKey(to) - begin + 1) * Index.BLOCK);
            long before = Math.max(from, Math.min(to, guess) - NEAR);
            long after = Math.min(to, Math.max(from, guess) + NEAR);
            boolean isAfter = index.key(before) < ns;
            boolean isBefore = after < to && index.key(after) >= ns;
            from = isAfter ? before + 1 : from;
            to = isBefore ? after : isAfter ? to : before;
        }
        return searchKeys(ns, from, to);
    }

    private long searchKeys(long ns, long from, long to) {
        long low = from;
        long high = to;
        while (low < high) {
            long middle = low + high >>> 1;
            if (index.key(middle) < ns) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Bytes of the log from an entry on, to its end; 0 when there is none. */
    long bytesFrom(long number) {
        return bytesBetween(number, end());
    }

    /** Bytes of the log from an entry on, up to another one that is not among them; 0 when there is none. */
    long bytesBetween(long number, long beyond) {
        long newest = beyond - 1;
        if (number > newest) {
            return 0;
        }
        long last = index.position(newest);
        long from = index.position(number);
        long skipped = from / logBytes < last / logBytes ? logBytes - turnEnd : 0;
        return Math.max(0, last + recordBytes(payloadBytes(record(last))) - from - skipped);
    }
}
