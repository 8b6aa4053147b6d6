// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The circular index over the log, at the start of its memory: one entry for each record, in order of arrival.
 * Single-writer; who reads an entry asks {@link ReservoirLog#holds} afterwards, and every word of it is read whole.
 */
final class Index {
    private static final int ENTRY = 32;
    private static final int LEAST_BYTES_PER_ENTRY = 1024;
    private static final long AT_POSITION = 8;
    private static final long AT_ORDINAL = 16;
    private static final long AT_SOURCE = 24;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

    final long entries;
    private final MemorySegment memory;

    private Index(MemorySegment memory, long entries) {
        this.memory = memory;
        this.entries = entries;
    }

    /** A power of two, one entry for each 1 to 2 KiB of budget; of items smaller than that, the number decides. */
    static long entriesFor(long budgetBytes) {
        return Long.highestOneBit(budgetBytes / LEAST_BYTES_PER_ENTRY);
    }

    static long bytesFor(long budgetBytes) {
        return entriesFor(budgetBytes) * ENTRY;
    }

    static Index at(MemorySegment memory, long budgetBytes) {
        return new Index(memory, entriesFor(budgetBytes));
    }

    private long place(long number) {
        return (number & entries - 1) * ENTRY;
    }

    void put(long number, long key, long position, long ordinal, int source) {
        long place = place(number);
        memory.set(LONG, place, key);
        memory.set(LONG, place + AT_POSITION, position);
        memory.set(LONG, place + AT_ORDINAL, ordinal);
        memory.set(INT, place + AT_SOURCE, source);
    }

    /** Canonical time of the record, or of the latest one before it where that is later, ns: never falls. */
    long key(long number) {
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

    /** Number of its source in the reservoir. */
    int source(long number) {
        return memory.get(INT, place(number) + AT_SOURCE);
    }
}
