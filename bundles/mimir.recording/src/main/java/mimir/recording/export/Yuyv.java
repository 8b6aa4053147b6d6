// SPDX-License-Identifier: Apache-2.0
package mimir.recording.export;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Packed YUYV into its three planes, all of them in one look at the frame. Immutable. */
final class Yuyv {
    private static final ValueLayout.OfLong EIGHT =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt FOUR = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfByte ONE = ValueLayout.JAVA_BYTE;
    private static final int STEP = 8; // pixels

    private Yuyv() {
    }

    /** A frame of even width, from an offset of memory on, that the output can take at once. */
    static void apart(MemorySegment memory, long offset, long stride, int width, int height, Output out)
            throws IOException {
        int pixels = width * height;
        var buffer = out.room(2 * pixels);
        var planes = MemorySegment.ofBuffer(buffer.slice(buffer.position(), 2 * pixels));
        for (int row = 0; row < height; row++) {
            row(memory.asSlice(offset + row * stride, 2L * width), planes, width, row * width, pixels + row * width / 2,
                    pixels + pixels / 2 + row * width / 2);
        }
        buffer.position(buffer.position() + 2 * pixels);
    }

    private static void row(MemorySegment row, MemorySegment planes, int width, int y, int u, int v) {
        int x = 0;
        for (; x + STEP <= width; x += STEP) {
            long first = row.get(EIGHT, 2L * x);
            long second = row.get(EIGHT, 2L * x + STEP);
            long chroma = evens(first >>> 8) | evens(second >>> 8) << 32;
            planes.set(EIGHT, (long) y + x, evens(first) | evens(second) << 32);
            planes.set(FOUR, (long) u + x / 2, (int) evens(chroma));
            planes.set(FOUR, (long) v + x / 2, (int) evens(chroma >>> 8));
        }
        for (; x < width; x += 2) {
            planes.set(ONE, (long) y + x, row.get(ONE, 2L * x));
            planes.set(ONE, (long) u + x / 2, row.get(ONE, 2L * x + 1));
            planes.set(ONE, (long) y + x + 1, row.get(ONE, 2L * x + 2));
            planes.set(ONE, (long) v + x / 2, row.get(ONE, 2L * x + 3));
        }
    }

    /** Every second byte of eight, from the lowest on, as the lower four. */
    private static long evens(long bytes) {
        long two = bytes & 0x00ff_00ff_00ff_00ffL;
        two = (two | two >>> 8) & 0x0000_ffff_0000_ffffL;
        return (two | two >>> 16) & 0xffff_ffffL;
    }
}
