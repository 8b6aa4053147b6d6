// SPDX-License-Identifier: Apache-2.0
package mimir.api.media;

import java.util.ArrayList;
import java.util.List;
import mimir.ring.RingFormat;

/** Pixel formats, with the codes of {@code enum mimir_format_code} and their usual plane layout. Immutable. */
public enum PixelFormat {
    /** One plane, a byte a pixel. */
    GREY(1, 8),
    /** One plane, Y0 Cb Y1 Cr: 4:2:2, two bytes a pixel. */
    YUYV(2, 16),
    /** Three planes Y, Cb, Cr of full size, a byte a sample. */
    YUV444(3, 8, 8, 8),
    /** Plane Y, then plane CbCr interleaved at half width and half height. */
    NV12(4, 8, 4),
    /** One plane, R G B. */
    RGB24(5, 24),
    /** One plane, a byte a pixel, first row G R, second row B G. */
    BAYER_GRBG(16, 8);

    private final int code;
    private final int[] bitsPerPixel;

    PixelFormat(int code, int... bitsPerPixel) {
        this.code = code;
        this.bitsPerPixel = bitsPerPixel;
    }

    /** Code in the ring's format table. */
    public int code() {
        return code;
    }

    /** The format with this code; throws {@link IllegalArgumentException} for an unknown one. */
    public static PixelFormat of(int code) {
        for (var format : values()) {
            if (format.code == code) {
                return format;
            }
        }
        throw new IllegalArgumentException("unknown pixel format code: " + code);
    }

    /** Columns that lie together, so that a region begins and ends between them. */
    int columnsTogether() {
        return this == YUYV || this == NV12 || this == BAYER_GRBG ? 2 : 1;
    }

    /** Rows that belong together. */
    int rowsTogether() {
        return this == NV12 || this == BAYER_GRBG ? 2 : 1;
    }

    /** Bytes of so many columns in a row of a plane. */
    int columnBytes(int plane, int columns) {
        return this == NV12 ? columns : columns * bitsPerPixel[plane] / 8;
    }

    /** Rows of a plane for so many rows of the frame. */
    int planeRows(int plane, int rows) {
        return this == NV12 && plane == 1 ? rows / 2 : rows;
    }

    /**
     * The format table entry of tightly packed frames.
     *
     * @param colour matrix and range of YCbCr, as in {@link RingFormat#colour}
     * @param rateNumerator frames per second, with {@code rateDenominator}
     * @param deviceTickHz ticks per second of the device clock, 0 when it counts or tells nothing
     */
    public RingFormat packed(int width, int height, int colour, int rateNumerator, int rateDenominator,
            long deviceTickHz) {
        List<Long> offsets = new ArrayList<>();
        List<Integer> strides = new ArrayList<>();
        long at = 0;
        for (int plane = 0; plane < bitsPerPixel.length; plane++) {
            offsets.add(at);
            boolean halfHeight = this == NV12 && plane == 1;
            strides.add(halfHeight ? (width + 1) / 2 * 2 : width * bitsPerPixel[plane] / 8);
            at += (long) strides.getLast() * (halfHeight ? (height + 1) / 2 : height);
        }
        return new RingFormat(code, colour, width, height, rateNumerator, rateDenominator, offsets, strides, at,
                deviceTickHz);
    }
}
