// SPDX-License-Identifier: Apache-2.0
package mimir.recording.export;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The header of a WAV file with 32-bit float samples. Its size does not depend on the length: room for 64-bit sizes is
 * kept as a JUNK chunk, which becomes the ds64 chunk of an RF64 file (EBU Tech 3306) when 32 bits do not hold the
 * sizes. Immutable.
 *
 * @param channels more than two are described by WAVE_FORMAT_EXTENSIBLE, without places of loudspeakers
 * @param rateHz sample frames per second
 * @param longerThan largest RIFF size that 32 bits may tell
 */
record WavHeader(int channels, int rateHz, long longerThan) {
    private static final long LARGEST_RIFF = 0xFFFFFFFFL - 1;
    private static final int DS64_BYTES = 28;
    private static final short TAG_FLOAT = 3;
    private static final short TAG_EXTENSIBLE = (short) 0xFFFE;
    private static final int SUBFORMAT_HIGH = 0x00100000;        // {00000003-0000-0010-8000-00AA00389B71}
    private static final long SUBFORMAT_LOW = 0x719B3800AA000080L;

    WavHeader(int channels, int rateHz) {
        this(channels, rateHz, LARGEST_RIFF);
    }

    /** Bytes of a sample frame. */
    int frameBytes() {
        return channels * Float.BYTES;
    }

    /** Bytes before the first sample. */
    int bytes() {
        return 12 + 8 + DS64_BYTES + 8 + formatBytes() + 12 + 8;
    }

    private int formatBytes() {
        return channels > 2 ? 40 : 18;
    }

    /** The header of a file with this many sample frames. */
    ByteBuffer of(long frames) {
        long data = frames * frameBytes();
        long riff = bytes() - 8 + data;
        boolean rf64 = riff > longerThan;
        var header = ByteBuffer.allocate(bytes()).order(ByteOrder.LITTLE_ENDIAN);
        text(header, rf64 ? "RF64" : "RIFF").putInt(rf64 ? -1 : (int) riff);
        text(header, "WAVE");
        text(header, rf64 ? "ds64" : "JUNK").putInt(DS64_BYTES);
        if (rf64) {
            header.putLong(riff).putLong(data).putLong(frames).putInt(0);
        } else {
            header.position(header.position() + DS64_BYTES);
        }
        format(header);
        text(header, "fact").putInt(4).putInt(rf64 ? -1 : (int) frames);
        text(header, "data").putInt(rf64 ? -1 : (int) data);
        return header.flip();
    }

    private void format(ByteBuffer header) {
        text(header, "fmt ").putInt(formatBytes()).putShort(channels > 2 ? TAG_EXTENSIBLE : TAG_FLOAT)
                .putShort((short) channels)
                .putInt(rateHz).putInt(rateHz * frameBytes()).putShort((short) frameBytes())
                .putShort((short) Float.SIZE);
        if (channels > 2) {
            header.putShort((short) 22).putShort((short) Float.SIZE).putInt(0).putInt(TAG_FLOAT).putInt(SUBFORMAT_HIGH)
                    .putLong(SUBFORMAT_LOW);
        } else {
            header.putShort((short) 0);
        }
    }

    private static ByteBuffer text(ByteBuffer header, String id) {
        return header.put(id.getBytes(StandardCharsets.US_ASCII));
    }
}
