// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import mimir.ring.MappedMemory;

/**
 * The memory of the reservoir: an {@link Index} and a byte log of {@link Records}, both circular, over one budget.
 * Single-writer (the ingest thread); readers look without locks and ask {@link #holds} again after reading.
 *
 * <p>Positions and entry numbers only grow; the place is the position modulo the capacity, and nothing wraps.
 * Eviction knows bytes and entries, nothing else. The edge is the instant from which on everything that was taken in
 * is still there; it never goes back. Of payload that stays in rings the log promises to hold what is pinned: while
 * there is a pin, as many bytes are left free as such payload may yet have to be copied.
 */
final class ReservoirLog {
    /** {@link #reserve}: pinned items are in the way, or the item is larger than the whole log. */
    static final long REFUSED = -1;
    /** {@link #reserve}: the pages are still being made. */
    static final long NO_PAGES = -2;

    /** Pages that are of use without the others: two seconds of six cameras and audio. */
    private static final long ENOUGH = 512L << 20;
    private static final long PAGE = 4096;
    private static final long NOTHING_PROMISED = -1;
    private static final VarHandle FIRST = field("first");
    private static final VarHandle END = field("end");
    private static final VarHandle EDGE = field("edge");
    private static final VarHandle EVICTING = field("evicting");

    final Index index;
    final Chains chains;
    final Records records;
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
    private long owed;                      // bytes of payload that stay in rings; the writer's own
    private long apart;                     // see Records.apartBefore; the writer's own
    private long largest;                   // payload that ever stayed in a ring, bytes; the writer's own
    private volatile long pinnedFrom = Long.MAX_VALUE;
    private volatile long turnEnd;          // place where the turn before this one ended
    private volatile long populated;
    private volatile boolean pagesEnded;
    private volatile boolean closed;

    /** Told each entry that the edge passes, and where its payload is; the ingest thread. */
    interface Evictions {
        void evicted(long entry, int source, long payloadBytes, int home);
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
        records = new Records(memory);
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
        return room(Records.HEADER + Records.aligned(payloadBytes), 0);
    }

    /** The same for a record whose payload stays in its ring. */
    long reserveApart(long payloadBytes) {
        return room(Records.HEADER, Records.aligned(payloadBytes));
    }

    /** The same for nothing but the copy of a payload that was in its ring. */
    long reserveCopy(long payloadBytes) {
        return room(Records.aligned(payloadBytes), NOTHING_PROMISED);
    }

    /** @param promise bytes that it may become necessary to copy as well */
    private long room(long bytes, long promise) {
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
        while (first < end && (head + skipped + bytes + promised(promise, turn) - index.position(first) > logBytes
                || end - first >= index.entries && promise != NOTHING_PROMISED)) {
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

    /** Where nothing is pinned nobody has to copy; else a copy may leave the rest of a turn empty, too. */
    private long promised(long promise, long turn) {
        boolean none = promise == NOTHING_PROMISED || pinnedFrom == Long.MAX_VALUE || owed + promise == 0;
        return none ? 0 : owed + promise + largest + logBytes - turn;
    }

    /**
     * Where the log goes round: in the pages that are there, once they are of use by themselves. Pages that a host
     * makes slowly then cost depth, not items; the next turn is as long as what has come until then.
     */
    private long turnBytes() {
        return pagesEnded || hasEnough() ? populated - logStart : logBytes;
    }

    /** True when an entry may not go. */
    boolean isPinned(long number) {
        return index.key(number) >= pinnedFrom;
    }

    /** Lets the oldest entry go, which there is; false when it is pinned. */
    boolean evict() {
        long key = index.key(first);
        EVICTING.setVolatile(this, key); // before the look at the pin: see pinFrom
        boolean free = key < pinnedFrom;
        if (free) {
            int source = index.source(first);
            long record = record(index.position(first));
            long bytes = records.payloadBytes(record);
            int home = records.home(record);
            owed -= home > 0 ? Records.aligned(bytes) : 0;
            EDGE.setRelease(this, key + 1);
            FIRST.setRelease(this, first + 1);
            VarHandle.storeStoreFence(); // readers must see that it is gone before any byte of it changes
            chains.evicted(first - 1);
            evictions.evicted(first - 1, source, bytes, home);
        }
        EVICTING.setRelease(this, Long.MIN_VALUE);
        return free;
    }

    /**
     * Publishes the record at the reserved place: its descriptor, words, links and payload are written already. Returns
     * the number of its entry.
     */
    long commit(long place, SourceTrack track, long ordinal, long canonicalNs) {
        lastKey = Math.max(lastKey, canonicalNs);
        if ((end & Index.BLOCK - 1) == 0) {
            chains.begin(end, first);
        }
        index.put(end, track, lastKey, canonicalNs, head, ordinal);
        records.apartBefore(place, apart);
        long inRing = records.apart(place);
        owed += inRing;
        apart += inRing;
        largest = Math.max(largest, inRing);
        head += records.bytes(place);
        chains.added(end, track.lane, first); // before the end: who sees the entry finds it in its chain as well
        END.setRelease(this, end + 1);
        return end - 1;
    }

    /** The payload of an entry, which stayed in its ring, was copied to a reserved place: it is read there now. */
    void moved(long number, long place) {
        long record = record(index.position(number));
        long bytes = records.apart(record);
        owed -= bytes;
        apart -= bytes;
        head += bytes;
        records.moved(record, place);
    }

    /** The payload of an entry, which stayed in its ring, is no longer there. */
    void gone(long number) {
        long record = record(index.position(number));
        owed -= records.apart(record);
        records.gone(record);
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

    /** Number of the first entry whose key is not below {@code ns}; those that went meanwhile count as below. */
    long search(long ns) {
        while (true) {
            long found = index.search(ns, first(), end());
            if (holds(found)) {
                return found;
            }
        } // a key that was overwritten is a later one: it can only have led to what is gone
    }

    /**
     * True when there is room for everything from an entry on, should all of it that stays in rings have to be copied:
     * copies for windows before may still stand there. Looks at each entry where there are such.
     */
    boolean hasRoomFrom(long number) {
        long end = end();
        long copies = 0;
        for (long at = number; at < end; at++) {
            long record = record(index.position(at));
            copies += records.home(record) > 0 ? Records.aligned(records.payloadBytes(record)) : 0;
        }
        long turn = turnBytes();
        return copies == 0 || head - index.position(number) + copies + largest + logBytes - turn <= logBytes;
    }

    /** Bytes from an entry on, to the end, those that are in rings as well; 0 when there is none. */
    long bytesFrom(long number) {
        return bytesBetween(number, end());
    }

    /** Bytes from an entry on, up to another one that is not among them; 0 when there is none. */
    long bytesBetween(long number, long beyond) {
        long newest = beyond - 1;
        if (number > newest) {
            return 0;
        }
        long last = index.position(newest);
        long from = index.position(number);
        long skipped = from / logBytes < last / logBytes ? logBytes - turnEnd : 0;
        long newestRecord = record(last);
        long inRings = records.apartBefore(newestRecord) + records.apart(newestRecord)
                - records.apartBefore(record(from));
        return Math.max(0, last + records.bytes(newestRecord) - from - skipped + inRings);
    }
}
