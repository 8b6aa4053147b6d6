// SPDX-License-Identifier: Apache-2.0
package mimir.api.media;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
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
    private int left;   // of the region, or 0
    private int top;
    private int width;  // of the region, or 0 for the whole frame
    private int height;

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
        left = 0;
        top = 0;
        width = 0;
        return this;
    }

    /**
     * Narrows the view to a region of the frame, in place, until the next {@link #wrap}: size, planes and rows are then
     * the region's, strides stay the frame's. Regions of regions are possible. Returns this.
     *
     * @param x first column, {@code y} first row; even where columns or rows belong together: columns of YUYV, both of
     * NV12 and Bayer patterns
     * @param columns width of the region, {@code rows} its height; even likewise
     * @throws IndexOutOfBoundsException when not all of it is in the frame
     * @throws IllegalArgumentException when it would part what belongs together
     */
    public FrameView region(int x, int y, int columns, int rows) {
        Objects.checkFromIndexSize(x, columns, width());
        Objects.checkFromIndexSize(y, rows, height());
        if ((x | columns) % pixelFormat.columnsTogether() != 0 || (y | rows) % pixelFormat.rowsTogether() != 0
                || columns == 0 || rows == 0) {
            throw new IllegalArgumentException("a region of " + pixelFormat + " has even borders and a size: x=" + x
                    + ", y=" + y + ", columns=" + columns + ", rows=" + rows);
        }
        left += x;
        top += y;
        width = columns;
        height = rows;
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
        return width > 0 ? width : item.descriptor().width();
    }

    /** Height in pixels. */
    public int height() {
        return width > 0 ? height : item.descriptor().height();
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
        long whole = item.offset() + format.planeOffsets().get(plane);
        return width == 0 ? whole : whole + (long) pixelFormat.planeRows(plane, top) * strideBytes(plane)
                + pixelFormat.columnBytes(plane, left);
    }

    /** Bytes from one row of a plane to the next. */
    public int strideBytes(int plane) {
        return format.strideBytes().get(plane);
    }

    /** One plane, in place, read-only; of a region from its first byte to its last. Allocates the slice. */
    public MemorySegment plane(int plane) {
        if (width > 0) {
            return item.memory().asSlice(planeOffset(plane), rowBytes(plane, pixelFormat.planeRows(plane, height)));
        }
        long from = format.planeOffsets().get(plane);
        long to = plane + 1 < planes() ? format.planeOffsets().get(plane + 1) : item.length();
        return item.memory().asSlice(item.offset() + from, to - from);
    }

    /**
     * Rows {@code y} to {@code y + rows - 1} of a plane, in place, read-only. Allocates the slice.
     *
     * @throws IndexOutOfBoundsException when the rows are not all in the plane
     */
    public MemorySegment rows(int plane, int y, int rows) {
        return plane(plane).asSlice((long) y * strideBytes(plane), rowBytes(plane, rows));
    }

    /** From the first byte of some rows to the last one; of whole frames with what pads it. */
    private long rowBytes(int plane, int rows) {
        long stride = strideBytes(plane);
        return width == 0 ? rows * stride : (rows - 1) * stride + pixelFormat.columnBytes(plane, width);
    }
}
