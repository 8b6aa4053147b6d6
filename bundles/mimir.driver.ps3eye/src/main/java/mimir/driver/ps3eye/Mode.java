// SPDX-License-Identifier: Apache-2.0
package mimir.driver.ps3eye;

import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import mimir.api.media.PixelFormat;

/**
 * A size and a rate that the camera has; each exists in both formats. Immutable.
 *
 * @param index its number in the native table
 * @param width pixels
 * @param height pixels
 * @param rateHz frames a second, as published and as people ask for it
 * @param rateMilliHz thousandths of a Hz that the registers give
 * @param flags what is known against it
 */
record Mode(int index, int width, int height, int rateHz, int rateMilliHz, long flags) {
    private static final long CORRUPT_FLAGS = 3;
    private static final long CORRUPT = 2;
    /** Of 2,048 bytes of a payload, 12 are its header. */
    private static final long PAYLOAD_DATA = 2036;
    private static final long PAYLOAD_HEADER = 12;

    /** From {@code mimir_ps3eye_mode}. */
    static Mode of(int index, MemorySegment memory) {
        var struct = Struct.MODE;
        return new Mode(index, (int) struct.get(memory, "width"), (int) struct.get(memory, "height"),
                (int) struct.get(memory, "rate_hz"), (int) struct.get(memory, "rate_mhz"), struct.get(memory, "flags"));
    }

    /** True when its pictures are known to have damaged parts, or to be useless. */
    boolean isCorrupt() {
        return (flags & CORRUPT_FLAGS) != 0;
    }

    boolean isSize(long wide, long high) {
        return width == wide && height == high;
    }

    /** True when somebody who asks for this rate means this mode: 187 and 187.5 do. */
    boolean isRate(double askedHz) {
        return askedHz == rateHz || askedHz * 1000 == rateMilliHz;
    }

    long frameBytes(PixelFormat format) {
        return (long) width * height * (format == PixelFormat.YUYV ? 2 : 1);
    }

    /** What a frame takes on the bus: the data, and a header for each payload. */
    long wireBytes(PixelFormat format) {
        long data = frameBytes(format);
        return data + PAYLOAD_HEADER * Math.ceilDiv(data, PAYLOAD_DATA);
    }

    /** What it takes of the bus in a second. */
    long bytesPerSecond(PixelFormat format) {
        return wireBytes(format) * rateMilliHz / 1000;
    }

    /** The rate, and what is known against it. */
    String rateLabel() {
        return rateHz + (isCorrupt() ? " (" + damage() + ")" : "");
    }

    /** What its pictures are, when they are known to be damaged. */
    String damage() {
        return (flags & CORRUPT) != 0 ? "corrupt" : "partly corrupt";
    }

    /** For people. */
    String label(PixelFormat format) {
        return width + "x" + height + " " + name(format) + " " + rateHz + " Hz";
    }

    /** Name of a format in rigs. */
    static String name(PixelFormat format) {
        return format == PixelFormat.YUYV ? "YUYV" : "BAYER_GRBG8";
    }

    /** Bytes a second as people read them. */
    static String megabytes(long bytesPerSecond) {
        return BigDecimal.valueOf(bytesPerSecond / 100_000, 1) + " MB/s";
    }
}
