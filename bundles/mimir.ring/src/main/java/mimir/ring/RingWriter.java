// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/**
 * Writes a ring from Java: {@code claim}, fill, then {@code commit} or {@code abort}. The same protocol in C is {@code
 * mimir_ring_claim} and so on. Single-writer: one thread at a time, the one that the owner of the ring gave it to. No
 * method blocks or allocates after warm-up; a commit makes one system call while a reader sleeps,
 * and two while one of this process and one of another do.
 *
 * <pre>{@code
 * long at = writer.claim();
 * writer.copyIn(picture, 0, bytes);                       // or write writer.memory() at `at`
 * writer.descriptor().sequence(n).hostTimeNs(now).shape(formatId, w, h, bytes);
 * writer.commit();
 * }</pre>
 */
public final class RingWriter {
    private final Region region;
    private final Geometry geometry;
    private final MemorySegment memory;
    private final Descriptor descriptor = new Descriptor();
    private final MemorySegment inline = descriptor.memory().asSlice(Abi.D_HANDLE, Abi.INLINE_BYTES);
    private final int sourceId;
    private final Gate gate;
    private long position;
    private long slot; // of the claimed item, bytes
    private long published; // items up to here are shown; those from here to `position` are staged
    private long gapItems;
    private long copied;
    private long lastHostTimeNs;
    private long writtenBytes; // of all items so far, as the header tells it
    private long copiedBytes;
    private int epoch;
    private boolean discontinuity = true;

    RingWriter(Region region) {
        this.region = region;
        this.geometry = region.geometry;
        this.memory = region.memory;
        this.gate = new Gate(region);
        this.position = (long) Abi.LONG.getAcquire(memory, Abi.H_HEAD);
        this.slot = geometry.slot(position);
        this.published = position;
        this.epoch = Abi.getInt(memory, Abi.H_EPOCH);
        this.writtenBytes = Abi.getLong(memory, Abi.H_PAYLOAD_WRITTEN);
        this.copiedBytes = Abi.getLong(memory, Abi.H_PAYLOAD_COPIED);
        this.sourceId = Abi.getInt(memory, Abi.H_SOURCE_ID);
    }

    /**
     * Takes the next slot, overtaking the oldest item in it.
     *
     * @return byte offset of the slot's payload in {@link #memory}
     * @throws RingException when the file behind the ring was cut by somebody
     */
    public long claim() {
        mark();
        long payload = geometry.payload(position);
        descriptor.begin(epoch, sourceId, Abi.PAYLOAD_MEMORY, payload, region.id);
        return payload;
    }

    /**
     * Takes the next slot for an item whose payload stands in its descriptor. An event is then one slot of 128 bytes
     * and touches no payload slab.
     *
     * @return the payload, {@link Abi#INLINE_BYTES} bytes, 0 until they are written; of this item until it is staged
     * @throws RingException as {@link #claim}
     */
    public MemorySegment claimInline() {
        mark();
        descriptor.begin(epoch, sourceId, Abi.PAYLOAD_INLINE, 0, 0);
        return inline;
    }

    private void mark() {
        if (!region.whole()) {
            throw new RingException("the file of the ring was cut short by another program; the source has ended");
        }
        slot = geometry.slot(position);
        Abi.LONG.setOpaque(memory, slot + Abi.D_GENERATION, Abi.writing(position));
        VarHandle.storeStoreFence(); // the mark must be seen before any byte of the new item
        copied = 0;
    }

    /** The whole region; between claim and commit the payload of the claimed slot may be written. */
    public MemorySegment memory() {
        return memory;
    }

    /** Bytes that one slot holds. */
    public long capacityBytes() {
        return geometry.payloadStride();
    }

    /** The descriptor of the claimed item; it goes into the slot with {@link #stage} or {@link #commit}. */
    public Descriptor descriptor() {
        return descriptor;
    }

    /**
     * Copies payload into the claimed slot and counts the bytes. {@code targetOffset} counts from the start of the
     * payload. Compute a checksum over {@code source}, never over the slot: the slot may lie in a file that somebody
     * cuts, and the JVM survives that in a copy but not in its checksum routine.
     */
    public void copyIn(MemorySegment source, long sourceOffset, long targetOffset, long bytes) {
        checkFits(targetOffset, bytes);
        Copies.copy(source, sourceOffset, memory, geometry.payload(position) + targetOffset, bytes);
        copied += bytes;
    }

    /** The same, by the C library where nobody can cut the slot: a sixth faster for a frame. */
    public void copyIn(MappedMemory source, long sourceOffset, long targetOffset, long bytes) {
        if (region.truncatable()) {
            copyIn(source.segment(), sourceOffset, targetOffset, bytes);
            return;
        }
        checkFits(targetOffset, bytes);
        Copies.copyWhole(source.segment(), sourceOffset, memory, geometry.payload(position) + targetOffset, bytes);
        copied += bytes;
    }

    private void checkFits(long targetOffset, long bytes) {
        if (targetOffset < 0 || bytes > geometry.payloadStride() - targetOffset) {
            throw new IndexOutOfBoundsException("payload does not fit the slot: offset=" + targetOffset + ", bytes="
                    + bytes
                    + ", slot=" + geometry.payloadStride());
        }
    }

    /**
     * Waits until the next claim takes nothing from a LOSSLESS reader; true at once where there is none. What is staged
     * is published first if it has to wait. Only for writers that may wait, never for a device: a claim without asking
     * overtakes such readers like all others. A reader that is dead or stands still for a second is evicted, counted.
     *
     * @param timeoutNs longest wait, ns; 0 only looks
     * @return false when the time passed
     */
    public boolean awaitRoom(long timeoutNs) {
        if (gate.open(position)) {
            return true;
        }
        publish();
        return gate.await(position, timeoutNs);
    }

    /** Publishes the claimed slot, with all that is staged, and wakes sleeping readers, see {@link #publish}. */
    public void commit() {
        stage();
        publish();
    }

    /**
     * Completes the claimed slot without showing it yet: a batch is any number of claims and stages, then one
     * {@link #publish}. Half a ring is shown by itself.
     */
    public void stage() {
        if (gapItems > 0) {
            descriptor.gap((int) Math.min(gapItems, Integer.MAX_VALUE));
            gapItems = 0;
        }
        if (discontinuity) {
            // the epoch may have been opened after the claim: its first item belongs to it
            epoch = Abi.getInt(memory, Abi.H_EPOCH);
            descriptor.discontinuity(epoch);
            discontinuity = false;
        }
        descriptor.publishTo(memory, slot);
        Abi.LONG.setRelease(memory, slot + Abi.D_GENERATION, Abi.committed(position));
        lastHostTimeNs = descriptor.hostTimeNs();
        writtenBytes += descriptor.payloadBytes();
        copiedBytes += copied;
        position++;
        if (position - published > geometry.slotCount() / 2) {
            publish();
        }
    }

    /**
     * Shows all that is staged with one change of head, and with at most one wake-up of the readers of this process and
     * one of those of others. Nothing staged: nothing happens.
     */
    public void publish() {
        if (position == published) {
            return;
        }
        Abi.putLong(memory, Abi.H_PAYLOAD_WRITTEN, writtenBytes); // plain: they are out with the head
        if (copied > 0) {
            Abi.putLong(memory, Abi.H_PAYLOAD_COPIED, copiedBytes);
        }
        Abi.putLong(memory, Abi.H_LAST_COMMIT_NS, lastHostTimeNs);
        published = position;
        Abi.LONG.setRelease(memory, Abi.H_HEAD, position);
        ring();
    }

    /** Gives the claimed slot up and counts the item as lost. */
    public void abort(DropReason reason) {
        drop(reason, 1);
    }

    /** Counts items that the source lost; the next commit says that they are missing. */
    public void drop(DropReason reason, long items) {
        if (reason.ordinal() >= DropReason.AT_SOURCE) {
            throw new IllegalArgumentException("a source cannot drop for a reader's reason: " + reason.label());
        }
        long counter = Abi.H_DROPS + 8L * reason.ordinal();
        Abi.LONG.setOpaque(memory, counter, Abi.getLong(memory, counter) + items);
        gapItems += items;
    }

    /** Opens the next epoch; the next commit says so. Returns its number. */
    public int nextEpoch() {
        epoch = Abi.getInt(memory, Abi.H_EPOCH) + 1;
        Abi.INT.setRelease(memory, Abi.H_EPOCH, epoch);
        discontinuity = true;
        return epoch;
    }

    /**
     * Clears the mark before the doorbell changes: a reader that loses its mark here has read the old doorbell, so the
     * system does not let it sleep. In the other order it could sleep on the new value, unmarked, and miss every later
     * item.
     */
    private void ring() {
        if ((int) Abi.INT.getOpaque(region.hints, Abi.W_MAY_SLEEP) == 0) {
            return; // no reader here has ever slept: see Sleeper.announced
        }
        VarHandle.fullFence(); // the head must be out before the mark is looked at, or a reader could sleep through it
        // an exchange fetches the line from the sleeper once, a look and a store twice
        boolean near = (int) Abi.INT.getAndSet(region.nearHints, Abi.W_WAITERS, 0) != 0;
        boolean far = (int) Abi.INT.getOpaque(region.hints, Abi.W_WAITERS) != 0;
        if (far) {
            Abi.INT.setVolatile(region.hints, Abi.W_WAITERS, 0);
        }
        if (near || far) {
            Abi.INT.getAndAdd(memory, Abi.H_DOORBELL, 1); // an addition: the platform rings as well
            wake(near, far);
        }
    }

    private void wake(boolean near, boolean far) {
        int calls = near && far ? 2 : 1;
        Abi.LONG.setOpaque(memory, Abi.H_WOKEN, Abi.getLong(memory, Abi.H_WOKEN) + calls);
        if (near) {
            Posix.futexWakeNear(memory.address() + Abi.H_DOORBELL);
        }
        if (far) {
            Posix.futexWakeAll(memory.address() + Abi.H_DOORBELL);
        }
    }
}
