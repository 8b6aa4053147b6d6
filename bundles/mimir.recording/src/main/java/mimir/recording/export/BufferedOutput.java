// SPDX-License-Identifier: Apache-2.0
package mimir.recording.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;

/**
 * A file that is written through the memory of the system, from one fixed buffer or from where the bytes lie. Confined.
 */
final class BufferedOutput implements Output {
    private final SeekableByteChannel channel;
    private final ByteBuffer buffer;
    private long written;

    /** {@code buffer} is direct and is this file's until it is closed. */
    BufferedOutput(SeekableByteChannel channel, ByteBuffer buffer) {
        this.channel = channel;
        this.buffer = buffer.clear().order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public long written() {
        return written + buffer.position();
    }

    @Override
    public int capacity() {
        return buffer.capacity();
    }

    @Override
    public ByteBuffer room(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            flush();
        }
        return buffer;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        flush();
        send(bytes);
    }

    @Override
    public void replaceHead(ByteBuffer head) throws IOException {
        flush();
        channel.position(0);
        while (head.hasRemaining()) {
            channel.write(head);
        }
    }

    private void flush() throws IOException {
        send(buffer.flip());
        buffer.clear();
    }

    private void send(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            written += channel.write(bytes);
        }
    }

    @Override
    public void complete() throws IOException {
        flush();
        if (channel instanceof FileChannel file) {
            file.force(false);
        }
    }

    /** Writes what is left in the buffer and closes the file. */
    @Override
    public void close() throws IOException {
        try (channel) {
            flush();
        }
    }
}
