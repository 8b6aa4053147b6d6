// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * The next descriptors of a ring, taken out of it with one copy: a copy costs hardly more for 32 than for one. They
 * are private then; whether the payload that one of them describes still lies in its slot is for the lease to ask.
 * Confined to the reader's thread; nothing allocates.
 */
final class ReadAhead {
    private static final int MOST = 32;

    private final long[] words = new long[MOST * Abi.SLOT_BYTES / Long.BYTES];
    private final MemorySegment memory = MemorySegment.ofArray(words);
    private long first;
    private long count;

    /** True when the descriptor of the item is here. */
    boolean holds(long position) {
        return position - first >= 0 && position - first < count;
    }

    /** Nothing is here. */
    void clear() {
        count = 0;
    }

    /**
     * Copies the slots from {@code position} up to {@code head}, at most 32, not across the end of the slots. False
     * when the writer was there meanwhile. It goes through the slots in order: as long as the first has not changed,
     * nor has any after it.
     */
    boolean fill(Region from, long position, long head) {
        var geometry = from.geometry;
        long toEnd = geometry.slotCount() - (position & geometry.slotCount() - 1L);
        long most = geometry.slotBytes() == Abi.SLOT_BYTES ? MOST : 1;
        long wanted = Math.min(Math.min(most, toEnd), head - position);
        long slot = geometry.slot(position);
        Copies.copy(from.memory, slot, memory, 0, wanted * Abi.SLOT_BYTES);
        VarHandle.acquireFence(); // reads of the slots must be over before the generation is looked at
        boolean whole = (long) Abi.LONG.getOpaque(from.memory, slot + Abi.D_GENERATION) == Abi.committed(position);
        first = position;
        count = whole ? wanted : 0;
        return whole;
    }

    /**
     * True when head promised an item that its slot, as it was last copied, never held: pages went missing or were
     * overwritten.
     */
    boolean neverWritten(long position) {
        return words[word(position)] < Abi.committed(position);
    }

    /** Hands the descriptor of the item out. False when it is another one's: only a foreign hand leaves that. */
    boolean copyTo(Descriptor target, long position) {
        target.load(words, word(position));
        return words[word(position)] == Abi.committed(position);
    }

    private int word(long position) {
        return (int) (position - first) * (Abi.SLOT_BYTES / Long.BYTES);
    }
}
