// SPDX-License-Identifier: Apache-2.0
package mimir.recording.playback;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;

/**
 * Where the samples of a WAV file lie and what they are. No size in the file is believed: what reaches past its end is
 * cut there. Immutable.
 *
 * @param channels 1 to 64
 * @param rateHz sample frames per second
 * @param encoding of one sample
 * @param dataOffset byte of the first sample in the file
 * @param frames whole sample frames that are really there
 */
record WavInfo(int channels, int rateHz, Encoding encoding, long dataOffset, long frames) {
    private static final int MOST_CHANNELS = 64;
    private static final int MOST_RATE_HZ = 768_000;
    private static final int MOST_CHUNKS = 4096;
    private static final int TAG_PCM = 1;
    private static final int TAG_FLOAT = 3;
    private static final int TAG_EXTENSIBLE = 0xFFFE;
    private static final long UNKNOWN_SIZE = 0xFFFFFFFFL;

    /** Encoding of a sample. Immutable. */
    enum Encoding {
        /** 8 bits, 128 is silence. */
        U8(1),
        /** 16 bits, two's complement. */
        S16(2),
        /** 24 bits, two's complement. */
        S24(3),
        /** 32 bits, two's complement; the lowest 8 bits do not survive in a float. */
        S32(4),
        /** 32-bit float. */
        F32(4);

        private final int bytes;

        Encoding(int bytes) {
            this.bytes = bytes;
        }

        int bytes() {
            return bytes;
        }

        static Encoding of(int tag, int bits) {
            return switch (tag) {
                case TAG_PCM -> switch (bits) {
                    case 8 -> U8;
                    case 16 -> S16;
                    case 24 -> S24;
                    case 32 -> S32;
                    default -> null;
                };
                case TAG_FLOAT -> bits == 32 ? F32 : null;
                default -> null;
            };
        }
    }

    /** Bytes of one sample frame. */
    int frameBytes() {
        return channels * encoding.bytes();
    }

    /** Reads the chunks. Throws {@link IOException} that says what is wrong with the file, to follow its name. */
    static WavInfo read(FileChannel file) throws IOException {
        var head = bytes(file, 0, 12);
        var form = text(head, 0);
        if (!(form.equals("RIFF") || form.equals("RF64") || form.equals("BW64")) || !text(head, 8).equals("WAVE")) {
            throw new IOException("is no WAV file");
        }
        long longData = UNKNOWN_SIZE;
        ByteBuffer format = null;
        long at = 12;
        for (int chunk = 0; chunk < MOST_CHUNKS && at <= file.size() - 8; chunk++) {
            var header = bytes(file, at, 8);
            long size = Integer.toUnsignedLong(header.getInt(4));
            long body = at + 8;
            switch (text(header, 0)) {
                case "ds64" -> longData = bytes(file, body, 16).getLong(8);
                case "fmt " -> format = bytes(file, body, size >= 40 ? 40 : 16);
                case "data" -> {
                    return of(format, body, sound(size == UNKNOWN_SIZE ? longData : size, file.size() - body));
                }
                default -> { }
            }
            at = body + size + (size & 1);
        }
        throw new IOException("holds no samples (no data chunk)");
    }

    private static long sound(long claimed, long there) {
        return claimed < 0 || claimed > there ? there : claimed;
    }

    private static WavInfo of(ByteBuffer format, long dataOffset, long dataBytes) throws IOException {
        if (format == null) {
            throw new IOException("has samples before its format (no fmt chunk)");
        }
        int tag = Short.toUnsignedInt(format.getShort(0));
        if (tag == TAG_EXTENSIBLE && format.capacity() >= 40) {
            tag = Short.toUnsignedInt(format.getShort(24)); // the first two bytes of the sub-format's GUID
        }
        int channels = Short.toUnsignedInt(format.getShort(2));
        int rateHz = format.getInt(4);
        int bits = Short.toUnsignedInt(format.getShort(14));
        var encoding = Encoding.of(tag, bits);
        if (encoding == null) {
            throw new IOException("has samples of format " + tag + " with " + bits
                    + " bits; convert it to PCM (8, 16, 24, 32 bits) or float32");
        }
        if (channels < 1 || channels > MOST_CHANNELS || rateHz < 1 || rateHz > MOST_RATE_HZ) {
            throw new IOException("says it has " + channels + " channels at " + rateHz
                    + " Hz; at most 64 at 768000 Hz can be played");
        }
        if (Short.toUnsignedInt(format.getShort(12)) != channels * encoding.bytes()) {
            throw new IOException("contradicts itself about the size of a sample");
        }
        long frames = dataBytes / (channels * encoding.bytes());
        if (frames == 0) {
            throw new IOException("holds no samples");
        }
        return new WavInfo(channels, rateHz, encoding, dataOffset, frames);
    }

    private static ByteBuffer bytes(FileChannel file, long at, int count) throws IOException {
        var buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (file.read(buffer, at + buffer.position()) < 0) {
                throw new IOException("ends in the middle of its header");
            }
        }
        return buffer.flip();
    }

    private static String text(ByteBuffer buffer, int at) {
        return new String(buffer.array(), at, 4, StandardCharsets.ISO_8859_1);
    }
}
