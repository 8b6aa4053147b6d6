// SPDX-License-Identifier: Apache-2.0
package mimir.recording;

/**
 * RGB to full-range BT.601 YCbCr, the colours of JFIF files, in 16-bit fixed point: converted back it is within one
 * level of the input. Immutable.
 */
public final class Jfif {
    private static final int HALF = 1 << 15;
    private static final int CENTRE = (128 << 16) + HALF - 1;

    private Jfif() {
    }

    /** Luma of a colour whose parts lie between 0 and 255. */
    public static byte y(int red, int green, int blue) {
        return (byte) (19595 * red + 38470 * green + 7471 * blue + HALF >> 16);
    }

    /** Blue difference; 128 is none. */
    public static byte cb(int red, int green, int blue) {
        return (byte) (-11059 * red - 21709 * green + 32768 * blue + CENTRE >> 16);
    }

    /** Red difference; 128 is none. */
    public static byte cr(int red, int green, int blue) {
        return (byte) (32768 * red - 27439 * green - 5329 * blue + CENTRE >> 16);
    }
}
