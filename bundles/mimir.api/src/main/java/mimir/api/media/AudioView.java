// SPDX-License-Identifier: Apache-2.0
package mimir.api.media;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import mimir.ring.Item;
import mimir.ring.RingFormat;

/**
 * A block of planar audio where it lies: flyweight over an item of a ring or of the reservoir. Make one per consumer
 * and {@link #wrap} it over each item. Confined; the accessors neither allocate nor block; the methods that return a
 * slice allocate a small object each.
 */
public final class AudioView {
    private final Attached attached;
    private Item item;
    private RingFormat format;

    /** Of blocks alone. */
    public AudioView() {
        this(null);
    }

    /** Of blocks and what analysers attached to them. */
    public AudioView(Attached attached) {
        this.attached = attached;
    }

    /** Lays the view over an item of an audio source; valid as long as the item is open. */
    public AudioView wrap(Item item) {
        this.item = item;
        this.format = item.format();
        return this;
    }

    /** The item: descriptor (sequence, times, flags) and validity. */
    public Item item() {
        return item;
    }

    /**
     * What an analyser attached to this block; null when it is not there, or not yet, or when the view was made without
     * {@link Attached}. Valid until the next call with the same type.
     *
     * @param type of attachment
     */
    public <T> T attachment(Class<T> type) {
        return attached == null ? null : attached.of(item, type);
    }

    /** Channels. */
    public int channels() {
        return item.descriptor().width();
    }

    /** Sample frames in this block. */
    public int frames() {
        return item.descriptor().height();
    }

    /** Sample frames per second, nominal. */
    public double rateHz() {
        return format.rateHz();
    }

    /** Memory that holds the block, read-only; samples are little-endian 32-bit floats. */
    public MemorySegment memory() {
        return item.memory();
    }

    /** Byte offset in {@link #memory} of the first sample of a channel (from 0). */
    public long channelOffset(int channel) {
        return item.offset() + (long) channel * format.strideBytes().getFirst();
    }

    /** Samples of one channel, in place, read-only. Allocates the slice. */
    public MemorySegment channel(int channel) {
        return samples(channel, 0, frames());
    }

    /**
     * A run of samples of one channel, in place, read-only. Allocates the slice.
     *
     * @param from first sample frame, from 0
     * @throws IndexOutOfBoundsException when the block has no such channel or samples
     */
    public MemorySegment samples(int channel, int from, int count) {
        Objects.checkIndex(channel, channels());
        Objects.checkFromIndexSize(from, count, frames());
        return item.memory().asSlice(channelOffset(channel) + (long) from * Float.BYTES, (long) count * Float.BYTES);
    }
}
