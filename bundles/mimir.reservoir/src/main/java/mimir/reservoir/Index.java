// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * The circular index over the log, at the start of its memory: one entry for each record, in order of arrival. What a
 * search reads lies side by side: keys, lanes, and the key of each block of entries. Single-writer; who
 * reads asks {@link ReservoirLog#holds} afterwards, and every word is read whole.
 *
 * <pre>
 *   entry:  key ns 8 | canonical ns 8, log position 8, ordinal 8, entries to the next of its lane 4, ring 4 | lane 2
 *   block:  for each lane: entries from its last one before the block to the block 4, 0 for none | first key 8
 * </pre>
 */
final class Index {
    /** Entries of a block. */
    static final int BLOCK = 512;

    private static final int ENTRY = 32;
    private static final int LEAST_BYTES_PER_ENTRY = 1024;
    private static final int ALL_OF_ENTRY = Long.BYTES + ENTRY + Short.BYTES;
    private static final int ROW = Ingest.MOST_RINGS * Integer.BYTES;
    private static final int ALL_OF_BLOCK = ROW + Long.BYTES;
    private static final long AT_POSITION = 8;
    private static final long AT_ORDINAL = 16;
    private static final long AT_NEXT = 24;
    private static final long AT_SOURCE = 28;
    private static final int LANES = 4;  // in eight bytes
    private static final int NEAR_GUESS = 8; // entries: two lines of keys
    private static final int NEAR = 12;  // entries: with those beside it half a line
    private static final long NOT_THERE = -1;
    private static final long EACH_LANE = 0x0001000100010001L;
    private static final long LOW_BITS = 0x7fff7fff7fff7fffL;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT;
    private static final VarHandle NEXT = INT.varHandle();

    final long entries;
    private final MemorySegment memory;
    private final long places;  // where the parts begin; the keys are the first
    private final long lanes;
    private final long rows;
    private final long blockKeys;

    private Index(MemorySegment memory, long entries) {
        this.memory = memory;
        this.entries = entries;
        this.places = entries * Long.BYTES;
        this.lanes = places + entries * ENTRY;
        this.rows = lanes + entries * Short.BYTES;
        this.blockKeys = rows + blocks(entries) * ROW;
    }

    private static long blocks(long entries) {
        return Math.max(1, entries / BLOCK);
    }

    /** A power of two, one entry for each 1 to 2 KiB of budget; of items smaller than that, the number decides. */
    static long entriesFor(long budgetBytes) {
        return Math.max(Long.BYTES, Long.highestOneBit(budgetBytes / LEAST_BYTES_PER_ENTRY));
    }

    static long bytesFor(long budgetBytes) {
        long entries = entriesFor(budgetBytes);
        return entries * ALL_OF_ENTRY + blocks(entries) * ALL_OF_BLOCK;
    }

    static Index at(MemorySegment memory, long budgetBytes) {
        return new Index(memory, entriesFor(budgetBytes));
    }

    private long slot(long number) {
        return number & entries - 1;
    }

    private long place(long number) {
        return places + slot(number) * ENTRY;
    }

    // ---- the writer ----

    void put(long number, SourceTrack track, long key, long timeNs, long position, long ordinal) {
        long place = place(number);
        memory.set(LONG, slot(number) * Long.BYTES, key);
        memory.set(LONG, place, timeNs);
        memory.set(LONG, place + AT_POSITION, position);
        memory.set(LONG, place + AT_ORDINAL, ordinal);
        memory.set(INT, place + AT_NEXT, 0);
        memory.set(INT, place + AT_SOURCE, track.number);
        memory.set(SHORT, lanes + slot(number) * Short.BYTES, (short) track.lane);
        if ((number & BLOCK - 1) == 0) {
            memory.set(LONG, blockKeys + slot(number) / BLOCK * Long.BYTES, key);
        }
    }

    /** The next entry of the same lane is there. */
    void link(long number, long next) {
        NEXT.setRelease(memory, place(number) + AT_NEXT, (int) (next - number));
    }

    /** For the block that begins with an entry: the last one of a lane before it; the block itself for none. */
    void last(long block, int lane, long before) {
        memory.set(INT, rows + slot(block) / BLOCK * ROW + lane * Integer.BYTES, (int) (block - before));
    }

    // ---- readers ----

    /** Canonical time of the record, or of the latest one before it where that is later, ns: never falls. */
    long key(long number) {
        return memory.get(LONG, slot(number) * Long.BYTES);
    }

    /** Canonical time of the record, ns. */
    long timeNs(long number) {
        return memory.get(LONG, place(number));
    }

    /** Where in the log its record begins. */
    long position(long number) {
        return memory.get(LONG, place(number) + AT_POSITION);
    }

    /** How many items of the same source were taken in before it. */
    long ordinal(long number) {
        return memory.get(LONG, place(number) + AT_ORDINAL);
    }

    /** Number of its ring in the reservoir. */
    int source(long number) {
        return memory.get(INT, place(number) + AT_SOURCE);
    }

    /** {@link SourceTrack#lane}. */
    int lane(long number) {
        return memory.get(SHORT, lanes + slot(number) * Short.BYTES);
    }

    /** The next entry of the same lane; the entry itself as long as there is none. */
    long next(long number) {
        return number + (int) NEXT.getAcquire(memory, place(number) + AT_NEXT);
    }

    /** Key of the first entry of a block. */
    long blockKey(long block) {
        return memory.get(LONG, blockKeys + slot(block) / BLOCK * Long.BYTES);
    }

    /**
     * Number of the first entry from one to another whose key is not below {@code ns}, the other for none. By the keys
     * of blocks, which a processor has at hand, then near where the entry would be if they came evenly: a look at
     * memory that nobody has at hand takes a tenth of the whole.
     */
    long search(long ns, long first, long end) {
        long low = (first + BLOCK - 1) / BLOCK;
        long high = (end + BLOCK - 1) / BLOCK;
        while (low < high) {
            long middle = low + high >>> 1;
            if (blockKey(middle * BLOCK) < ns) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        long from = Math.max(first, (low - 1) * BLOCK);
        long to = Math.min(end, low * BLOCK);
        if (to - from == BLOCK && to < end) {
            double begin = blockKey(from);
            long guess = from + (long) ((ns - begin) / (blockKey(to) - begin + 1) * BLOCK);
            long before = Math.max(from, Math.min(to, guess) - NEAR_GUESS);
            long after = Math.min(to, Math.max(from, guess) + NEAR_GUESS);
            boolean isAfter = key(before) < ns;
            boolean isBefore = after < to && key(after) >= ns;
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
            if (key(middle) < ns) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /**
     * The last entry of a lane up to an entry; the entry plus one for none. When it is not near, the row of the next
     * block mostly knows: who comes seldom is not in this one.
     *
     * @param end one past the newest entry
     */
    long lastUpTo(long number, int lane, long end) {
        long block = number & -BLOCK;
        long near = Math.max(block, (number & -LANES) - NEAR);
        long found = scan(number, near, lane);
        if (found == NOT_THERE && near > block) {
            long last = block + BLOCK < end ? lastBefore(block + BLOCK, lane, number) : NOT_THERE;
            found = last != NOT_THERE ? last : scan(near - 1, block, lane);
        }
        return found != NOT_THERE ? found : lastBefore(block, lane, number);
    }

    /** The last entry of a lane between two of the same block, the lower one a multiple of {@link #LANES}. */
    private long scan(long number, long from, int lane) {
        long wanted = -1L >>> (LANES - 1 - (number & LANES - 1)) * Short.SIZE; // of the last four
        for (long at = number & -LANES; at >= from; at -= LANES) {
            long found = equal(memory.get(LONG, lanes + slot(at) * Short.BYTES), lane) & wanted;
            wanted = -1;
            if (found != 0) {
                return at + (Long.SIZE - 1 - Long.numberOfLeadingZeros(found)) / Short.SIZE;
            }
        }
        return NOT_THERE;
    }

    /** By the row of a block: the one up to an entry or that entry plus one; not there if the row tells a later one. */
    private long lastBefore(long block, int lane, long number) {
        int distance = memory.get(INT, rows + slot(block) / BLOCK * ROW + lane * Integer.BYTES);
        return distance == 0 ? number + 1 : block - distance <= number ? block - distance : NOT_THERE;
    }

    /** The highest bit of each of four lanes, little-endian as they lie, that is the one. */
    private static long equal(long four, int lane) {
        long zero = four ^ lane * EACH_LANE;
        return ~((zero & LOW_BITS) + LOW_BITS | zero | LOW_BITS);
    }
}
