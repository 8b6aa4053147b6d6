// SPDX-License-Identifier: Apache-2.0
package mimir.recording.export;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;

/** A file that is being written, through one fixed buffer or straight from memory. Confined. */
final class Output implements Closeable {
    private final SeekableByteChannel channel;
    private final ByteBuffer buffer;
    private long written;

    /** {@code buffer} is direct and is this file's until it is closed. */
    Output(SeekableByteChannel channel, ByteBuffer buffer) {
        this.channel = channel;
        this.buffer = buffer.clear().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Bytes so far. */
    long written() {
        return written + buffer.position();
    }

    /** Bytes that {@link #room} can give at once. */
    int capacity() {
        return buffer.capacity();
    }

    /** The buffer with room for {@code bytes}, to be filled by relative puts. */
    ByteBuffer room(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            flush();
        }
        return buffer;
    }

    /** Writes memory as it is. */
    void write(ByteBuffer bytes) throws IOException {
        flush();
        send(bytes);
    }

    /** Replaces the first bytes of the file; nothing is written after that. */
    void replaceHead(ByteBuffer head) throws IOException {
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

    /** Writes what is left in the buffer and waits until the disk has all of it: a name must not outlive its bytes. */
    void complete() throws IOException {
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
