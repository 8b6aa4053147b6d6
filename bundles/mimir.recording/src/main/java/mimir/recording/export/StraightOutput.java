// SPDX-License-Identifier: Apache-2.0
package mimir.recording.export;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;

/**
 * A file that goes to the disk past the memory of the system: whole {@link Blocks}, while the next ones are filled, and
 * the rest in the ordinary way. Confined.
 */
final class StraightOutput implements Output {
    private final SeekableByteChannel file;
    private final SeekableByteChannel straight;
    private final Blocks blocks;
    private ByteBuffer buffer;
    private long handed; // bytes, of whole blocks

    /** Closes both: the file, and the same one past the memory of the system. */
    StraightOutput(SeekableByteChannel file, SeekableByteChannel straight, Blocks blocks) {
        this.file = file;
        this.straight = straight;
        this.blocks = blocks;
    }

    @Override
    public long written() {
        return handed + (buffer == null ? 0 : buffer.position());
    }

    @Override
    public int capacity() {
        return Blocks.BYTES - Blocks.ALIGNMENT;
    }

    @Override
    public ByteBuffer room(int bytes) throws IOException {
        if (buffer == null) {
            buffer = blocks.take();
        } else if (buffer.remaining() < bytes) {
            turn();
        }
        return buffer;
    }

    /** Hands what is whole over; the rest begins the next buffer. */
    private void turn() throws IOException {
        var next = blocks.take();
        var full = buffer;
        int whole = full.position() & -Blocks.ALIGNMENT;
        next.put(full.slice(whole, full.position() - whole));
        blocks.hand(straight, full.position(0).limit(whole));
        handed += whole;
        buffer = next;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            var room = room(1);
            int length = Math.min(room.remaining(), bytes.remaining());
            room.put(bytes.slice(bytes.position(), length));
            bytes.position(bytes.position() + length);
        }
    }

    @Override
    public void replaceHead(ByteBuffer head) throws IOException {
        finish();
        put(head, 0);
    }

    @Override
    public void complete() throws IOException {
        finish();
        if (file instanceof FileChannel real) {
            real.force(false);
        }
    }

    private void finish() throws IOException {
        if (buffer != null) {
            turn();
            blocks.settle();
            put(buffer.flip(), handed);
            handed += buffer.limit();
            release();
        }
    }

    private void put(ByteBuffer bytes, long at) throws IOException {
        file.position(at);
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    private void release() {
        if (buffer != null) {
            blocks.give(buffer);
            buffer = null;
        }
    }

    /** What is left of one that was given up is not written. */
    @Override
    public void close() throws IOException {
        try (file; straight) {
            blocks.drop();
            release();
        }
    }
}
