// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * The memory of a ring that was opened to be kept ({@code RingStore}, {@code deep}), held by who keeps its items where
 * the writer left them: it stays mapped through the end of the source, its next incarnations and a region that succeeds
 * it, until this is closed. Made by {@link Lease#hold}. The writer knows nothing of it and overwrites the oldest
 * item all the same: {@link #ahead} says when. Thread-safe but for {@link #copyOut}; only closing blocks.
 */
public final class RingHold implements AutoCloseable {
    private final Region region;
    private final MemorySegment readOnly;
    private final ReaderCounters counters;
    private boolean closed; // guarded by this

    RingHold(Region retained, ReaderCounters counters) {
        this.region = retained;
        this.readOnly = retained.memory.asReadOnly();
        this.counters = counters;
    }

    /** The region; descriptors of items that lie there have it as their second handle, after the offset. */
    public long regionId() {
        return region.id;
    }

    /**
     * All of the region, read-only. An access throws {@link IllegalStateException} once nobody holds it any more, this
     * and the readers of its ring included; {@link #holds} is false then.
     */
    public MemorySegment memory() {
        return readOnly;
    }

    /** Memory that the region takes, bytes. */
    public long bytes() {
        return region.geometry.regionBytes();
    }

    /** Of these, there: what is missing is made as {@link Ring#makePages} comes to it, or the writer. */
    public long presentBytes() {
        return region.present();
    }

    /** Items that it holds. */
    public int slots() {
        return region.geometry.slotCount();
    }

    /**
     * How many items the writer may publish before it comes to this one; 0 or less when it may be there already. A
     * writer of batches can be half a ring ahead of what it says.
     *
     * @param item as it was read from this region
     */
    public long ahead(Descriptor item) {
        long head = (long) Abi.LONG.getAcquire(region.memory, Abi.H_HEAD);
        return position(item) + region.geometry.slotCount() - head;
    }

    private static long position(Descriptor item) {
        return (item.generation() >>> 1) - 1;
    }

    /**
     * True as long as the item has not been overwritten; ask again after reading its payload. False for an item whose
     * payload does not lie here, and once the memory is gone.
     */
    public boolean holds(Descriptor item) {
        VarHandle.acquireFence(); // reads of the payload must be over before the generation is looked at
        long slot = region.geometry.slot(position(item));
        try {
            return (long) Abi.LONG.getOpaque(region.memory, slot + Abi.D_GENERATION) == item.generation()
                    && item.payloadKind() == Abi.PAYLOAD_MEMORY && item.handle(1) == region.id;
        } catch (IllegalStateException letGo) {
            return false;
        }
    }

    /**
     * Copies the payload of an item out, by the C library: nobody can cut this memory. The bytes are counted against
     * the reader that made this; its thread. False when the item was overtaken meanwhile: the copy means nothing.
     *
     * @throws IndexOutOfBoundsException when the payload does not lie here, or does not fit
     */
    public boolean copyOut(Descriptor item, MappedMemory target, long targetOffset) {
        Copies.copyWhole(readOnly, item.handle(0), target.segment(), targetOffset, item.payloadBytes());
        counters.copied(item.payloadBytes());
        return holds(item);
    }

    /** Lets the memory go, which the last one that holds it gives back: blocks (0.1 s per GiB). Control thread. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            region.release();
        }
    }
}
