// SPDX-License-Identifier: Apache-2.0
package mimir.soak;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import mimir.api.work.WorkClass;
import mimir.api.work.Workers;

/**
 * What a disk takes by itself: files of given sizes, out of memory, waited for until they are on it. Past the memory of
 * the system where the disk allows that: otherwise it is that memory that is measured, whose pages a guest of another
 * machine has to ask for. Confined.
 */
final class PlainWrite {
    private static final int CHUNK = 2 << 20;
    private static final int CHUNKS = 32;
    private static final int ALIGNMENT = 4096;

    /** Writes the files, in the class of an export, and takes them away again. Returns how long it took, ns. */
    long measure(Workers workers, Path folder, List<Long> sizes) {
        var took = new CompletableFuture<Long>();
        workers.start("soak-plain", WorkClass.LOW, false, self -> {
            try (var arena = Arena.ofShared()) {
                took.complete(write(folder, sizes, noise(arena)));
            } catch (IOException | RuntimeException refused) {
                took.completeExceptionally(refused);
            }
        });
        try {
            return took.get();
        } catch (InterruptedException | ExecutionException refused) {
            throw new IllegalStateException("nothing could be written to " + folder, refused);
        }
    }

    /** Which no disk can make smaller. */
    private static ByteBuffer noise(Arena arena) {
        var memory = arena.allocate((long) CHUNK * CHUNKS, ALIGNMENT).asByteBuffer();
        var noise = new byte[CHUNK];
        for (int chunk = 0; chunk < CHUNKS; chunk++) {
            new Random(chunk).nextBytes(noise);
            memory.put(noise);
        }
        return memory;
    }

    private static long write(Path folder, List<Long> sizes, ByteBuffer memory) throws IOException {
        long begin = System.nanoTime();
        for (int n = 0; n < sizes.size(); n++) {
            write(folder.resolve("plain-" + n), sizes.get(n) + ALIGNMENT - 1 & -ALIGNMENT, memory);
        }
        long took = System.nanoTime() - begin;
        for (int n = 0; n < sizes.size(); n++) {
            Files.delete(folder.resolve("plain-" + n));
        }
        return took;
    }

    private static void write(Path file, long bytes, ByteBuffer memory) throws IOException {
        try (var channel = open(file)) {
            for (long at = 0; at < bytes;) {
                int chunk = (int) (at / CHUNK % CHUNKS) * CHUNK;
                int length = (int) Math.min(CHUNK, bytes - at);
                for (var left = memory.slice(chunk, length); left.hasRemaining();) {
                    channel.write(left);
                }
                at += length;
            }
            channel.force(false);
        }
    }

    private static FileChannel open(Path file) throws IOException {
        Set<OpenOption> options = new HashSet<>(Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT));
        try {
            return FileChannel.open(file, options);
        } catch (IOException | UnsupportedOperationException cannot) {
            options.remove(ExtendedOpenOption.DIRECT);
            return FileChannel.open(file, options);
        }
    }
}
