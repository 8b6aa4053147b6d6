// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * One entry of a ring's format table: what the payload of an item looks like. Immutable.
 *
 * @param code pixel or sample format, the numbers of {@code enum mimir_format_code}
 * @param colour matrix and range of YCbCr: 0 none, 1 BT.601 limited, 2 BT.601 full (JFIF), 3 BT.709 limited
 * @param width pixels; for audio channels
 * @param height pixels; for audio the most sample frames in one block
 * @param rateNumerator frames per second (audio: sample frames per second) as a fraction, with {@code rateDenominator}
 * @param rateDenominator see {@code rateNumerator}
 * @param planeOffsets bytes from the start of the payload to each plane, 1 to 4
 * @param strideBytes bytes between rows of each plane; audio: between channels
 * @param payloadBytes the largest payload
 * @param deviceTickHz ticks per second of tick-counting device clocks, 0 when the device has none
 */
public record RingFormat(int code, int colour, int width, int height, int rateNumerator, int rateDenominator,
        List<Long> planeOffsets, List<Integer> strideBytes, long payloadBytes, long deviceTickHz) {

    /** Checks the sizes. Throws {@link IllegalArgumentException} that names the value at fault. */
    public RingFormat {
        planeOffsets = List.copyOf(planeOffsets);
        strideBytes = List.copyOf(strideBytes);
        if (planeOffsets.isEmpty() || planeOffsets.size() > 4 || planeOffsets.size() != strideBytes.size()) {
            throw new IllegalArgumentException("a format has 1 to 4 planes, each with a stride: planes="
                    + planeOffsets.size() + ", strides=" + strideBytes.size());
        }
        if (width <= 0 || height <= 0 || rateNumerator <= 0 || rateDenominator <= 0 || payloadBytes <= 0) {
            throw new IllegalArgumentException("a format needs sizes and a rate above zero: width=" + width
                    + ", height=" + height
                    + ", rate=" + rateNumerator + "/" + rateDenominator + ", payloadBytes=" + payloadBytes);
        }
    }

    /** Items (frames) or samples (audio) per second. */
    public double rateHz() {
        return (double) rateNumerator / rateDenominator;
    }

    void write(MemorySegment memory, long entry, int formatId) {
        Abi.putInt(memory, entry + Abi.F_FORMAT_ID, formatId);
        Abi.putInt(memory, entry + Abi.F_CODE, code);
        Abi.putInt(memory, entry + Abi.F_PLANES, planeOffsets.size());
        Abi.putInt(memory, entry + Abi.F_COLOUR, colour);
        Abi.putInt(memory, entry + Abi.F_WIDTH, width);
        Abi.putInt(memory, entry + Abi.F_HEIGHT, height);
        Abi.putInt(memory, entry + Abi.F_RATE_NUM, rateNumerator);
        Abi.putInt(memory, entry + Abi.F_RATE_DEN, rateDenominator);
        for (int plane = 0; plane < planeOffsets.size(); plane++) {
            Abi.putLong(memory, entry + Abi.F_PLANE_OFFSET + 8L * plane, planeOffsets.get(plane));
            Abi.putInt(memory, entry + Abi.F_STRIDE_BYTES + 4L * plane, strideBytes.get(plane));
        }
        Abi.putLong(memory, entry + Abi.F_PAYLOAD_BYTES, payloadBytes);
        Abi.putLong(memory, entry + Abi.F_DEVICE_TICK_HZ, deviceTickHz);
    }

    /**
     * Copies an entry out of memory that anybody may have written.
     *
     * @throws RingException when it is none
     */
    static RingFormat read(MemorySegment memory, long entry, int formatId) {
        int id = Abi.getInt(memory, entry + Abi.F_FORMAT_ID);
        int planes = Abi.getInt(memory, entry + Abi.F_PLANES);
        if (id != formatId || planes < 1 || planes > 4) {
            throw unsound(formatId, "it has id " + id + " and " + planes + " planes");
        }
        var offsets = new Long[planes];
        var strides = new Integer[planes];
        for (int plane = 0; plane < planes; plane++) {
            offsets[plane] = Abi.getLong(memory, entry + Abi.F_PLANE_OFFSET + 8L * plane);
            strides[plane] = Abi.getInt(memory, entry + Abi.F_STRIDE_BYTES + 4L * plane);
        }
        try {
            return new RingFormat(Abi.getInt(memory, entry + Abi.F_CODE), Abi.getInt(memory, entry + Abi.F_COLOUR),
                    Abi.getInt(memory, entry + Abi.F_WIDTH), Abi.getInt(memory, entry + Abi.F_HEIGHT),
                    Abi.getInt(memory, entry + Abi.F_RATE_NUM), Abi.getInt(memory, entry + Abi.F_RATE_DEN),
                    List.of(offsets), List.of(strides), Abi.getLong(memory, entry + Abi.F_PAYLOAD_BYTES),
                    Abi.getLong(memory, entry + Abi.F_DEVICE_TICK_HZ));
        } catch (IllegalArgumentException sizes) {
            throw unsound(formatId, sizes.getMessage());
        }
    }

    private static RingException unsound(int formatId, String why) {
        return new RingException("this is not a sound Mimir ring: entry " + formatId + " of its format table is none ("
                + why + ")");
    }
}
