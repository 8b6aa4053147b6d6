// SPDX-License-Identifier: Apache-2.0
package mimir.recording.export;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A few buffers that go round between who fills them and the disk, so that both are at work. They lie where the disk
 * takes them from without a copy. {@link #write} belongs to the thread of the disk, all else to the one of the export.
 */
final class Blocks implements AutoCloseable {
    /** Of memory, place and length of what goes past the memory of the system, bytes. */
    static final int ALIGNMENT = 4096;
    /** Of a buffer. */
    static final int BYTES = 2 << 20;

    private static final int COUNT = 4;
    private static final long LOOK_MS = 50;
    private static final long REST_NS = 50_000;

    private final Progress progress;
    private final BlockingQueue<ByteBuffer> free = new ArrayBlockingQueue<>(COUNT);
    private final BlockingQueue<ByteBuffer> full = new ArrayBlockingQueue<>(COUNT);
    private final AtomicInteger handed = new AtomicInteger(); // and neither written nor dropped
    private volatile SeekableByteChannel target; // of all that is handed
    private volatile IOException refused;
    private Arena arena; // null before the first buffer is taken

    Blocks(Progress progress) {
        this.progress = progress;
    }

    // ---- the export ----

    /** An empty buffer, as soon as there is one. Blocks. Throws what the disk has said of former ones. */
    ByteBuffer take() throws IOException {
        if (arena == null) {
            arena = Arena.ofShared();
            for (int n = 0; n < COUNT; n++) {
                free.add(arena.allocate(BYTES, ALIGNMENT).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN));
            }
        }
        ByteBuffer buffer = null;
        while (buffer == null) {
            check();
            buffer = poll();
        }
        return buffer.clear();
    }

    private ByteBuffer poll() {
        try {
            return free.poll(LOOK_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CancellationException("the export was interrupted; nothing was written");
        }
    }

    private void check() throws IOException {
        progress.look();
        if (refused != null) {
            throw refused;
        }
    }

    /** Back without having been written. */
    void give(ByteBuffer buffer) {
        free.add(buffer);
    }

    /** To be written behind what was handed before; of one file after the other. */
    void hand(SeekableByteChannel file, ByteBuffer buffer) {
        target = file;
        handed.incrementAndGet();
        full.add(buffer);
    }

    /** Waits until all that was handed is written. Throws what the disk has said. */
    void settle() throws IOException {
        while (handed.get() > 0) {
            check();
            LockSupport.parkNanos(REST_NS);
        }
        check();
    }

    /** Nothing more of what was handed is written; waits for what is just being written, however long that takes. */
    void drop() {
        for (var buffer = full.poll(); buffer != null; buffer = full.poll()) {
            free.add(buffer);
            handed.decrementAndGet();
        }
        while (handed.get() > 0) {
            LockSupport.parkNanos(REST_NS);
        }
    }

    /** Gives the memory back; nothing is handed any more. */
    @Override
    public void close() {
        if (arena != null) {
            arena.close();
        }
    }

    // ---- the disk ----

    /** Waits for a buffer and writes it. Blocks. */
    void write(long atMostNs) {
        try {
            var buffer = full.poll(atMostNs, TimeUnit.NANOSECONDS);
            if (buffer != null) {
                write(buffer);
                free.add(buffer);
                handed.decrementAndGet();
            }
        } catch (InterruptedException goesOn) {
            LockSupport.parkNanos(atMostNs); // it ends when the export does
        }
    }

    private void write(ByteBuffer buffer) {
        try {
            while (refused == null && buffer.hasRemaining()) {
                target.write(buffer);
            }
        } catch (IOException said) {
            refused = said;
        } catch (RuntimeException | Error broken) {
            refused = new IOException(broken.toString(), broken);
        }
    }
}
