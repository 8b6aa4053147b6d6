// SPDX-License-Identifier: Apache-2.0
package mimir.recording.export;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import mimir.api.BadInputException;
import mimir.api.media.PixelFormat;
import mimir.recording.Jfif;
import mimir.ring.Item;
import mimir.ring.RingFormat;

/**
 * Frames as YUV4MPEG2: planes of bytes, sample for sample; packed formats are only taken apart. A Bayer mosaic is
 * written as it is, as grey; RGB is turned into full-range YCbCr. Confined.
 */
final class Y4mLayout implements Layout {
    private static final byte[] FRAME = "FRAME\n".getBytes(StandardCharsets.US_ASCII);

    private static final int MOST = 1 << 16;
    private static final ValueLayout.OfLong EIGHT =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final String source;
    private final PixelFormat pixels;
    private final RingFormat format;
    private final int width;
    private final int height;
    private MemorySegment last = MemorySegment.NULL; // of the frame in hand
    private long lastOffset;

    Y4mLayout(String source, PixelFormat pixels, Item item) {
        this.source = source;
        this.pixels = pixels;
        this.format = item.format();
        this.width = item.descriptor().width();
        this.height = item.descriptor().height();
        if (width < 1 || height < 1 || width > MOST || height > MOST || pixels == PixelFormat.YUYV && width % 2 != 0) {
            throw new BadInputException("frames of " + source + " are " + pixels + " of " + width + "x" + height
                    + ", which Y4M cannot hold; export the other sources by name");
        }
    }

    @Override
    public String suffix() {
        return ".y4m";
    }

    @Override
    public double rateHz() {
        return format.rateHz();
    }

    @Override
    public long headBytes() {
        return head().length();
    }

    private String head() {
        return "YUV4MPEG2 W" + width + " H" + height + " F" + format.rateNumerator() + ":" + format.rateDenominator()
                + " Ip A1:1 " + chroma() + range() + "\n";
    }

    private String chroma() {
        return switch (pixels) {
            case GREY, BAYER_GRBG -> "Cmono";
            case YUV444, RGB24 -> "C444";
            case YUYV -> "C422";
            case NV12 -> "C420";
        };
    }

    private String range() {
        return switch (pixels) {
            case GREY, BAYER_GRBG, RGB24 -> " XCOLORRANGE=FULL";
            default -> switch (format.colour()) {
                case 2 -> " XCOLORRANGE=FULL";
                case 1, 3 -> " XCOLORRANGE=LIMITED";
                default -> "";
            };
        };
    }

    @Override
    public long unitBytes() {
        long size = (long) width * height;
        return FRAME.length + switch (pixels) {
            case GREY, BAYER_GRBG -> size;
            case YUV444, RGB24 -> 3 * size;
            case YUYV -> 2 * size;
            case NV12 -> size + 2 * halfWidth() * halfHeight();
        };
    }

    private long halfWidth() {
        return (width + 1) / 2;
    }

    private long halfHeight() {
        return (height + 1) / 2;
    }

    @Override
    public long unitsOf(Item item) {
        return 1;
    }

    @Override
    public void begin(Output out) throws IOException {
        out.write(ByteBuffer.wrap(head().getBytes(StandardCharsets.US_ASCII)));
    }

    @Override
    public void write(Output out, Item item) throws IOException {
        if (!fits(item.length())) {
            throw new IOException("a frame of " + source + " is larger than its memory");
        }
        frame(out, item);
    }

    /** True when the planes that are read lie inside the payload. */
    private boolean fits(long bytes) {
        int rowBytes = width * switch (pixels) {
            case YUYV -> 2;
            case RGB24 -> 3;
            default -> 1;
        };
        boolean inside = end(0, rowBytes, height) <= bytes;
        return inside && switch (pixels) {
            case YUV444 -> end(1, rowBytes, height) <= bytes && end(2, rowBytes, height) <= bytes;
            case NV12 -> end(1, 2 * halfWidth(), halfHeight()) <= bytes;
            default -> true;
        };
    }

    private long end(int plane, long rowBytes, long rows) {
        if (plane >= format.planeOffsets().size() || format.planeOffsets().get(plane) < 0 || format.strideBytes()
                .get(plane) < rowBytes) {
            return Long.MAX_VALUE;
        }
        return format.planeOffsets().get(plane) + (rows - 1) * format.strideBytes().get(plane) + rowBytes;
    }

    @Override
    public void fill(Output out, Item before, long units) throws IOException {
        for (long i = 0; i < units; i++) {
            frame(out, before);
        }
    }

    private void frame(Output out, Item item) throws IOException {
        last = item.memory();
        lastOffset = item.offset();
        out.room(FRAME.length).put(FRAME);
        switch (pixels) {
            case GREY, BAYER_GRBG -> plane(out, 0);
            case YUV444 -> {
                plane(out, 0);
                plane(out, 1);
                plane(out, 2);
            }
            case YUYV -> yuyv(out);
            case NV12 -> {
                plane(out, 0);
                everyNth(out, 1, 0, 2, (int) halfWidth(), (int) halfHeight());
                everyNth(out, 1, 1, 2, (int) halfWidth(), (int) halfHeight());
            }
            case RGB24 -> {
                for (int part = 0; part < 3; part++) {
                    rgb(out, part);
                }
            }
        }
    }

    private void yuyv(Output out) throws IOException {
        if (2L * width * height <= out.capacity()) {
            Yuyv.apart(last, lastOffset + format.planeOffsets().getFirst(), format.strideBytes().getFirst(), width,
                    height, out);
        } else {
            everyNth(out, 0, 0, 2, width, height);
            everyNth(out, 0, 1, 4, width / 2, height);
            everyNth(out, 0, 3, 4, width / 2, height);
        }
    }

    /** A plane of whole bytes goes to the file from where it lies; rows one by one only where they are padded. */
    private void plane(Output out, int plane) throws IOException {
        long at = lastOffset + format.planeOffsets().get(plane);
        int stride = format.strideBytes().get(plane);
        boolean tight = stride == width;
        long run = tight ? (long) width * height : width;
        for (int row = 0; row < (tight ? 1 : height); row++) {
            out.write(last.asSlice(at + (long) row * stride, run).asByteBuffer());
        }
    }

    private void everyNth(Output out, int plane, int first, int step, int columns, int rows) throws IOException {
        long at = lastOffset + format.planeOffsets().get(plane) + first;
        for (int row = 0; row < rows; row++, at += format.strideBytes().get(plane)) {
            var buffer = out.room(columns);
            for (int x = eights(buffer, at, step, columns); x < columns; x++) {
                buffer.put(last.get(ValueLayout.JAVA_BYTE, at + (long) x * step));
            }
        }
    }

    /**
     * Every second or fourth byte, out of eight at a time. Returns how many columns that were: the last ones are left,
     * for eight bytes from there may reach beyond the payload.
     */
    private int eights(ByteBuffer buffer, long at, int step, int columns) {
        int x = 0;
        if (step == 2) {
            for (; x + 4 < columns; x += 4) {
                long bytes = last.get(EIGHT, at + 2L * x) & 0x00ff_00ff_00ff_00ffL;
                bytes = (bytes | bytes >>> 8) & 0x0000_ffff_0000_ffffL;
                buffer.putInt((int) (bytes | bytes >>> 16));
            }
        } else {
            for (; x + 2 < columns; x += 2) {
                long bytes = last.get(EIGHT, at + 4L * x);
                buffer.putShort((short) (bytes & 0xff | bytes >>> 24 & 0xff00));
            }
        }
        return x;
    }

    private void rgb(Output out, int part) throws IOException {
        for (int row = 0; row < height; row++) {
            long at = lastOffset + format.planeOffsets().getFirst() + (long) row * format.strideBytes().getFirst();
            var buffer = out.room(width);
            for (int x = 0; x < width; x++, at += 3) {
                int red = last.get(ValueLayout.JAVA_BYTE, at) & 0xff;
                int green = last.get(ValueLayout.JAVA_BYTE, at + 1) & 0xff;
                int blue = last.get(ValueLayout.JAVA_BYTE, at + 2) & 0xff;
                buffer.put(switch (part) {
                    case 0 -> Jfif.y(red, green, blue);
                    case 1 -> Jfif.cb(red, green, blue);
                    default -> Jfif.cr(red, green, blue);
                });
            }
        }
    }

    @Override
    public void end(Output out, long units) {
        last = MemorySegment.NULL; // Y4M tells no length: the file is complete
    }
}
