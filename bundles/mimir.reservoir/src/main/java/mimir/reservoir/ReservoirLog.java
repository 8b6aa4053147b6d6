// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import mimir.ring.MappedMemory;

/**
 * The memory of the reservoir: an index and a byte log, both circular, over one budget. Single-writer (the ingest
 * thread); readers look without locks and ask {@link #holds} again after reading.
 *
 * <pre>
 *   index entry, 32 bytes:   key ns | log position | ordinal within its source | source
 *   record, 64-byte aligned: descriptor 128 | canonical ns 8 | payload bytes 8 | format 4 | -- | payload
 * </pre>
 *
 * Positions and entry numbers only grow; the place is position modulo capacity, and a record never wraps. The key is
 * the canonical time made monotone in order of arrival, so that it can be searched and so that the edge never goes
 * back. Eviction knows bytes and entries, nothing else.
 */
final class ReservoirLog implements AutoCloseable {
    static final int RECORD_HEADER = 192;

    private static final int ENTRY = 32;
    private static final int BYTES_PER_ENTRY = 2048;
    private static final long PAGE = 4096;
    private static final long AT_TIME = 128;
    private static final long AT_BYTES = 136;
    private static final long AT_FORMAT = 144;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final VarHandle FIRST = field("first");
    private static final VarHandle END = field("end");
    private static final VarHandle EDGE = field("edge");

    private final MappedMemory mapping;
    private final MemorySegment memory;
    private final MemorySegment readOnly;
    private final long entries;
    private final long logStart;
    private final long logBytes;
    private final Evictions evictions;
    private long first;                 // oldest entry that is still there
    private long end;                   // one past the newest complete entry
    private long edge = Long.MIN_VALUE; // key of the newest evicted entry
    private long head;                  // log position of the next record; the writer's own
    private long lastKey = Long.MIN_VALUE;
    private volatile long populated;

    /** Told each entry that the edge passes. */
    interface Evictions {
        void evicted(int source, long payloadBytes);
    }

    ReservoirLog(long budgetBytes, Evictions evictions) {
        this.evictions = evictions;
        entries = Long.highestOneBit(Math.max(64, budgetBytes / BYTES_PER_ENTRY));
        logStart = (entries * ENTRY + PAGE - 1) & -PAGE;
        logBytes = (budgetBytes - logStart) & -PAGE;
        mapping = MappedMemory.anonymous(logStart + logBytes);
        memory = mapping.segment();
        readOnly = memory.asReadOnly();
    }

    private static VarHandle field(String name) {
        try {
            return MethodHandles.lookup().findVarHandle(ReservoirLog.class, name, long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** Makes the next pages present; control thread. Returns false when all are. */
    boolean populate(long stepBytes) {
        long from = populated;
        long step = Math.min(stepBytes, memory.byteSize() - from);
        if (step > 0) {
            mapping.populate(from, step);
            populated = from + step;
        }
        return populated < memory.byteSize();
    }

    long capacityBytes() {
        return logBytes;
    }

    // ---- writer ----

    /**
     * Makes room for a record and returns the offset in {@link #memory} where it goes; 0 when pinned items are in the
     * way, or when the pages are not there yet.
     */
    long reserve(long payloadBytes, long pinnedFrom) {
        long bytes = RECORD_HEADER + (payloadBytes + 63 & -64);
        if (bytes > logBytes) {
            return 0;
        }
        long place = head % logBytes;
        if (place + bytes > logBytes) {
            head += logBytes - place;
            place = 0;
        }
        if (logStart + place + bytes > populated) {
            return 0;
        }
        while (first < end && (head + bytes - position(first) > logBytes || end - first >= entries)) {
            if (key(first) >= pinnedFrom) {
                return 0;
            }
            evict();
        }
        return logStart + place;
    }

    /** True when pages for the next record of this size are still being made. */
    boolean waitsForPages(long payloadBytes) {
        return logStart + head % logBytes + 2 * RECORD_HEADER + payloadBytes > populated
                && populated < memory.byteSize();
    }

    private void evict() {
        long entry = entry(first);
        long record = record(position(first));
        EDGE.setRelease(this, memory.get(LONG, entry));
        int source = memory.get(ValueLayout.JAVA_INT, entry + 24);
        long bytes = memory.get(LONG, record + AT_BYTES);
        FIRST.setRelease(this, first + 1);
        VarHandle.storeStoreFence(); // readers must see that it is gone before any byte of it changes
        evictions.evicted(source, bytes);
    }

    /** Publishes the record at the reserved place: its descriptor and payload are written already. */
    void commit(long place, int source, long ordinal, long canonicalNs, long payloadBytes, int format) {
        memory.set(LONG, place + AT_TIME, canonicalNs);
        memory.set(LONG, place + AT_BYTES, payloadBytes);
        memory.set(ValueLayout.JAVA_INT, place + AT_FORMAT, format);
        lastKey = Math.max(lastKey, canonicalNs);
        long entry = entry(end);
        memory.set(LONG, entry, lastKey);
        memory.set(LONG, entry + 8, head);
        memory.set(LONG, entry + 16, ordinal);
        memory.set(ValueLayout.JAVA_INT, entry + 24, source);
        head += RECORD_HEADER + (payloadBytes + 63 & -64);
        END.setRelease(this, end + 1);
    }

    /** Writable memory, for the ingest thread. */
    MemorySegment memory() {
        return memory;
    }

    // ---- readers ----

    MemorySegment readOnly() {
        return readOnly;
    }

    long first() {
        return (long) FIRST.getAcquire(this);
    }

    long end() {
        return (long) END.getAcquire(this);
    }

    long edge() {
        return (long) EDGE.getAcquire(this);
    }

    /** True when the entry is still there; ask after reading it. */
    boolean holds(long number) {
        VarHandle.acquireFence(); // what was read must have been read before the look at `first`
        return (long) FIRST.getOpaque(this) <= number;
    }

    private long entry(long number) {
        return (number & entries - 1) * ENTRY;
    }

    long key(long number) {
        return memory.get(LONG, entry(number));
    }

    long position(long number) {
        return memory.get(LONG, entry(number) + 8);
    }

    long ordinal(long number) {
        return memory.get(LONG, entry(number) + 16);
    }

    int source(long number) {
        return memory.get(ValueLayout.JAVA_INT, entry(number) + 24);
    }

    /** Offset in {@link #readOnly} of the record at a log position. */
    long record(long position) {
        return logStart + Math.floorMod(position, logBytes);
    }

    long canonicalNs(long record) {
        return memory.get(LONG, record + AT_TIME);
    }

    long payloadBytes(long record) {
        return memory.get(LONG, record + AT_BYTES);
    }

    int format(long record) {
        return memory.get(ValueLayout.JAVA_INT, record + AT_FORMAT);
    }

    /** Number of the first entry whose key is not below {@code ns}; entries that go meanwhile only make it later. */
    long search(long ns) {
        long low = first();
        long high = end();
        while (low < high) {
            long middle = low + (high - low) / 2;
            if (key(middle) < ns && holds(middle) || !holds(middle)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return Math.max(low, first());
    }

    long usedBytes() {
        long from = first();
        long to = end();
        return from == to ? 0 : bytesFrom(from);
    }

    /** Log bytes between an entry and the newest record. */
    long bytesFrom(long number) {
        long newest = end() - 1;
        if (number > newest) {
            return 0;
        }
        long last = position(newest);
        return last + RECORD_HEADER + payloadBytes(record(last)) - position(number);
    }

    @Override
    public void close() {
        mapping.close();
    }
}
