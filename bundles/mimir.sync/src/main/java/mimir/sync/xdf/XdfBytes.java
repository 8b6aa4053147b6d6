// SPDX-License-Identifier: Apache-2.0
package mimir.sync.xdf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/**
 * The bytes of a file, front to back, never beyond the end of the chunk that is being read. Confined; reads 64 KiB at a
 * time, whatever lengths the file states.
 */
final class XdfBytes {
    private static final int AT_ONCE = 1 << 16;

    private final FileChannel channel;
    private final long size;
    private final ByteBuffer buffer = ByteBuffer.allocate(AT_ONCE).order(ByteOrder.LITTLE_ENDIAN);
    private long bufferEnd;
    private long end;

    XdfBytes(FileChannel channel) throws IOException {
        this.channel = channel;
        size = channel.size();
        end = size;
        buffer.limit(0);
    }

    /** Where the next byte stands. */
    long position() {
        return bufferEnd - buffer.remaining();
    }

    /** Bytes until the end of the chunk, or of the file between chunks. */
    long left() {
        return end - position();
    }

    /** Goes into a chunk that has so many bytes from here. */
    void enter(long bytes) throws XdfException {
        if (bytes < 0 || bytes > size - position()) {
            throw new XdfException(position(), "a chunk of " + Long.toUnsignedString(bytes) + " bytes begins, but "
                    + "the file has " + (size - position()) + " more");
        }
        end = position() + bytes;
    }

    /** Goes behind the end of the chunk. */
    void leave() throws IOException {
        skip(left());
        end = size;
    }

    void skip(long bytes) throws IOException {
        need(bytes);
        if (bytes <= buffer.remaining()) {
            buffer.position(buffer.position() + (int) bytes);
            return;
        }
        bufferEnd = position() + bytes;
        buffer.position(0).limit(0);
    }

    int u8() throws IOException {
        return fill(1).get() & 0xff;
    }

    int u16() throws IOException {
        return fill(2).getShort() & 0xffff;
    }

    int i32() throws IOException {
        return fill(4).getInt();
    }

    double f64() throws IOException {
        return fill(8).getDouble();
    }

    /** A length: how many bytes it has (1, 4 or 8), then those. */
    long length() throws IOException {
        long at = position();
        int bytes = u8();
        return switch (bytes) {
            case 1 -> u8();
            case 4 -> fill(4).getInt() & 0xffffffffL;
            case 8 -> fill(8).getLong();
            default -> throw new XdfException(at, "a length has 1, 4 or 8 bytes, not " + bytes);
        };
    }

    /** So many bytes; the caller has bounded them. */
    byte[] take(int bytes) throws IOException {
        need(bytes);
        var taken = new byte[bytes];
        for (int done = 0; done < bytes;) {
            int now = Math.min(bytes - done, AT_ONCE);
            fill(now).get(taken, done, now);
            done += now;
        }
        return taken;
    }

    private void need(long bytes) throws XdfException {
        if (bytes < 0 || bytes > left()) {
            throw new XdfException(position(), Long.toUnsignedString(bytes) + " bytes are announced where " + left()
                    + " are left");
        }
    }

    private ByteBuffer fill(int bytes) throws IOException {
        need(bytes);
        if (buffer.remaining() < bytes) {
            long from = position();
            buffer.compact();
            channel.position(bufferEnd);
            while (buffer.position() < bytes && channel.read(buffer) > 0) {
                // until enough is there, or the file has become shorter
            }
            buffer.flip();
            bufferEnd = from + buffer.remaining();
            if (buffer.remaining() < bytes) {
                throw new XdfException(bufferEnd, "the file became shorter while it was read");
            }
        }
        return buffer;
    }
}
