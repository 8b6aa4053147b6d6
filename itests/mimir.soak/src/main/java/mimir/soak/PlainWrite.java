// SPDX-License-Identifier: Apache-2.0
package mimir.soak;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;
import mimir.api.work.Workers;

/**
 * What a disk takes by itself: files of given sizes, out of memory, waited for until they are on it, while another
 * thread asks for what was written, so that the disk works from the first bytes on. Confined.
 */
final class PlainWrite {
    private static final int CHUNK = 1 << 20;
    private static final int CHUNKS = 64;

    private static final long STEP = 16 << 20;
    private static final long LOOK_NS = 2_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private volatile FileChannel current;
    private volatile long written;

    /** Writes the files, in the class of an export, and takes them away again. Returns how long it took, ns. */
    long measure(Workers workers, Path folder, List<Long> sizes) {
        var took = new CompletableFuture<Long>();
        var pushing = workers.start("soak-plain-disk", WorkClass.LOW, false, this::push);
        workers.start("soak-plain", WorkClass.LOW, false, self -> {
            try {
                took.complete(write(folder, sizes));
            } catch (IOException | RuntimeException refused) {
                took.completeExceptionally(refused);
            }
        });
        try {
            return took.get();
        } catch (InterruptedException | ExecutionException refused) {
            throw new IllegalStateException("nothing could be written to " + folder, refused);
        } finally {
            pushing.stop(PATIENCE);
        }
    }

    private void push(Worker self) throws IOException {
        for (long asked = 0; !self.stopping();) {
            var now = current;
            long bytes = written;
            asked = bytes < asked ? 0 : asked;
            if (now == null || bytes - asked < STEP) {
                self.pause(LOOK_NS);
                continue;
            }
            asked = bytes;
            try {
                now.force(false);
            } catch (ClosedChannelException closed) {
                asked = 0; // the next file has begun
            }
        }
    }

    private long write(Path folder, List<Long> sizes) throws IOException {
        var memory = ByteBuffer.allocateDirect(CHUNK * CHUNKS);
        var noise = new byte[CHUNK];
        for (int chunk = 0; chunk < CHUNKS; chunk++) {
            new Random(chunk).nextBytes(noise); // which no disk can make smaller
            memory.put(noise);
        }
        long begin = System.nanoTime();
        for (int n = 0; n < sizes.size(); n++) {
            write(folder.resolve("plain-" + n), sizes.get(n), memory);
        }
        long took = System.nanoTime() - begin;
        for (int n = 0; n < sizes.size(); n++) {
            Files.delete(folder.resolve("plain-" + n));
        }
        return took;
    }

    private void write(Path file, long bytes, ByteBuffer memory) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            written = 0;
            current = channel;
            for (long at = 0; at < bytes;) {
                int chunk = (int) (at / CHUNK % CHUNKS) * CHUNK;
                int length = (int) Math.min(CHUNK, bytes - at);
                for (var left = memory.slice(chunk, length); left.hasRemaining();) {
                    channel.write(left);
                }
                at += length;
                written = at;
            }
            channel.force(false);
            current = null;
        }
    }
}
