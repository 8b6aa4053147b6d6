// SPDX-License-Identifier: Apache-2.0
package mimir.api.media;

import java.lang.foreign.MemorySegment;
import mimir.ring.Item;
import mimir.ring.RingFormat;

/**
 * A frame where it lies: flyweight over an item of a ring or of the reservoir. Make one per consumer and {@link #wrap}
 * it over each item. Confined; the accessors neither allocate nor block. The methods that return a slice allocate a
 * small object each: in a hot loop use
 * {@link #memory}, {@link #planeOffset} and {@link #strideBytes}.
 */
public final class FrameView {
    private final Attached attached;
    private Item item;
    private RingFormat format;
    private PixelFormat pixelFormat;

    /** Of frames alone. */
    public FrameView() {
        this(null);
    }

    /** Of frames and what analysers attached to them. */
    public FrameView(Attached attached) {
        this.attached = attached;
    }

    /** Lays the view over an item of a frame source; valid as long as the item is open. */
    public FrameView wrap(Item item) {
        this.item = item;
        var now = item.format();
        if (now != format) {
            pixelFormat = PixelFormat.of(now.code());
            format = now;
        }
        return this;
    }

    /** The item: descriptor (sequence, times, flags) and validity. */
    public Item item() {
        return item;
    }

    /**
     * What an analyser attached to this frame; null when it is not there, or not yet, or when the view was made without
     * {@link Attached}. Valid until the next call with the same type.
     *
     * @param type of attachment
     */
    public <T> T attachment(Class<T> type) {
        return attached == null ? null : attached.of(item, type);
    }

    /** Layout of the pixels. */
    public PixelFormat pixelFormat() {
        return pixelFormat;
    }

    /** Width in pixels. */
    public int width() {
        return item.descriptor().width();
    }

    /** Height in pixels. */
    public int height() {
        return item.descriptor().height();
    }

    /** Number of planes. */
    public int planes() {
        return format.planeOffsets().size();
    }

    /** Memory that holds the frame, read-only. */
    public MemorySegment memory() {
        return item.memory();
    }

    /** Byte offset in {@link #memory} of the first pixel of a plane. */
    public long planeOffset(int plane) {
        return item.offset() + format.planeOffsets().get(plane);
    }

    /** Bytes from one row of a plane to the next. */
    public int strideBytes(int plane) {
        return format.strideBytes().get(plane);
    }

    /** One plane, in place, read-only. Allocates the slice. */
    public MemorySegment plane(int plane) {
        long from = format.planeOffsets().get(plane);
        long to = plane + 1 < planes() ? format.planeOffsets().get(plane + 1) : item.length();
        return item.memory().asSlice(item.offset() + from, to - from);
    }

    /**
     * Rows {@code y} to {@code y + rows - 1} of a plane, in place, read-only; a region of interest is its columns.
     * Allocates the slice.
     *
     * @throws IndexOutOfBoundsException when the rows are not all in the plane
     */
    public MemorySegment rows(int plane, int y, int rows) {
        long stride = strideBytes(plane);
        return plane(plane).asSlice(y * stride, rows * stride);
    }
}
