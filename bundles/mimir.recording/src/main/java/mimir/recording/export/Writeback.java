// SPDX-License-Identifier: Apache-2.0
package mimir.recording.export;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;

/**
 * Lets the disk work while the next items are prepared. Where files go through the memory of the system: it keeps what
 * was written until it has much of it, and the end of a file would wait for all of that. Thread-safe; {@link #run}
 * belongs to a thread of its own.
 */
final class Writeback implements AutoCloseable {
    private static final long STEP = 16 << 20;
    private static final long LOOK_NS = 2_000_000;

    private volatile FileChannel file;
    private volatile long written; // of the file
    private volatile IOException refused;
    private volatile boolean over;

    /** This file is written next; none that the disk could be asked about when it is no file of the system. */
    void begin(SeekableByteChannel channel) {
        written = 0;
        file = channel instanceof FileChannel real ? real : null;
    }

    /** So many bytes of the file are written. Throws what the disk has said of former ones. */
    void at(long bytes) throws IOException {
        written = bytes;
        check();
    }

    /** The file is complete or given up: it is asked about no more. Throws what the disk has said. */
    void end() throws IOException {
        file = null;
        check();
    }

    private void check() throws IOException {
        var said = refused;
        if (said != null) {
            throw new IOException(said.getMessage(), said);
        }
    }

    /** Until the export is over, and writes blocks meanwhile. Blocks. */
    void run(Blocks blocks) {
        FileChannel last = null;
        long asked = 0;
        while (!over) {
            var now = file;
            asked = now == last ? asked : 0;
            last = now;
            long bytes = written;
            if (now != null && bytes - asked >= STEP) {
                asked = bytes;
                ask(now);
            } else {
                blocks.write(LOOK_NS);
            }
        }
    }

    private void ask(FileChannel now) {
        try {
            now.force(false);
        } catch (ClosedChannelException closed) {
            return;
        } catch (IOException said) {
            refused = said; // the system says it once: whoever asks next would hear that all is well
        }
    }

    @Override
    public void close() {
        over = true;
    }
}
