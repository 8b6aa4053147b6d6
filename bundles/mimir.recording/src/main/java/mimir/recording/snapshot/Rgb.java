// SPDX-License-Identifier: Apache-2.0
package mimir.recording.snapshot;

import java.awt.image.BufferedImage;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import mimir.api.media.PixelFormat;
import mimir.ring.RingFormat;

/**
 * A frame of any pixel format as a picture: grey stays grey, the others become RGB; mosaics of colour filters are
 * interpolated from their neighbours. Confined.
 */
final class Rgb {
    private final MemorySegment frame;
    private final RingFormat format;
    private final PixelFormat pixels;
    private final int width;
    private final int height;

    /**
     * Over a copy of a frame.
     *
     * @throws IllegalArgumentException for a format that nobody knows, or a frame that is too short for it
     */
    Rgb(MemorySegment frame, RingFormat format, int width, int height) {
        this.frame = frame;
        this.format = format;
        this.pixels = PixelFormat.of(format.code());
        this.width = width;
        this.height = height;
    }

    BufferedImage image() {
        boolean grey = pixels == PixelFormat.GREY;
        var image = new BufferedImage(width, height,
                grey ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                if (grey) {
                    image.getRaster().setSample(x, y, 0, at(0, x, y)); // not through the colour model, which bends it
                } else {
                    image.setRGB(x, y, colour(x, y));
                }
            }
        }
        return image;
    }

    private int colour(int x, int y) {
        return switch (pixels) {
            case GREY -> at(0, x, y) * 0x010101;
            case RGB24 -> at(0, 3 * x, y) << 16 | at(0, 3 * x + 1, y) << 8 | at(0, 3 * x + 2, y);
            case YUYV -> ycc(at(0, 2 * x, y), at(0, x / 2 * 4 + 1, y), at(0, x / 2 * 4 + 3, y));
            case YUV444 -> ycc(at(0, x, y), at(1, x, y), at(2, x, y));
            case NV12 -> ycc(at(0, x, y), at(1, x / 2 * 2, y / 2), at(1, x / 2 * 2 + 1, y / 2));
            case BAYER_GRBG -> filtered(0, x, y) << 16 | filtered(1, x, y) << 8 | filtered(2, x, y);
        };
    }

    /** A byte of a row, whatever the format takes it for. */
    private int at(int plane, int byteOfRow, int row) {
        long offset = format.planeOffsets().get(plane) + (long) row * format.strideBytes().get(plane) + byteOfRow;
        return frame.get(ValueLayout.JAVA_BYTE, offset) & 0xff;
    }

    /** By the matrix and the range that the format names; BT.601 limited, as cameras do, when it names none. */
    private int ycc(int luma, int blue, int red) {
        boolean full = format.colour() == 2;
        boolean wide = format.colour() == 3;
        double y = full ? luma : (luma - 16) * 255 / 219.0;
        double cb = (blue - 128) * (full ? 1 : 255 / 224.0);
        double cr = (red - 128) * (full ? 1 : 255 / 224.0);
        int r = clamped(y + (wide ? 1.5748 : 1.402) * cr);
        int g = clamped(y - (wide ? 0.187324 : 0.344136) * cb - (wide ? 0.468124 : 0.714136) * cr);
        int b = clamped(y + (wide ? 1.8556 : 1.772) * cb);
        return r << 16 | g << 8 | b;
    }

    private static int clamped(double value) {
        return (int) Math.max(0, Math.min(255, Math.round(value)));
    }

    /** Filter over a pixel: 0 red, 1 green, 2 blue. */
    private static int filter(int x, int y) {
        return (x + y) % 2 == 0 ? 1 : y % 2 == 0 ? 0 : 2;
    }

    /** The pixel's own value where it has this filter, else the mean of those around it that have. */
    private int filtered(int wanted, int x, int y) {
        if (filter(x, y) == wanted) {
            return at(0, x, y);
        }
        int sum = 0;
        int count = 0;
        for (int row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++) {
            for (int column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
                if (filter(column, row) == wanted) {
                    sum += at(0, column, row);
                    count++;
                }
            }
        }
        return count == 0 ? 0 : (sum + count / 2) / count;
    }
}
