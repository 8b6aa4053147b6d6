// SPDX-License-Identifier: Apache-2.0
package mimir.bench.frames;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mimir.bench.EventRing;
import mimir.bench.Results;
import mimir.bench.Scale;
import mimir.bench.Trial;
import mimir.ring.MappedMemory;

/**
 * Frames to three C programs, by our ring: one copy into a slot, read in place. The writer is Java, as the platform is.
 * A saturated writer waits for the slowest reader, whose place it sees in a small shared file. Confined: run once.
 *
 * @param course how many frames and when
 */
record BetweenProcesses(Course course) implements Trial {
    private static final String IDENTITY = "bench.frames";
    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();
    private static final int LINE = 128;
    private static final int POOL = 24;

    @Override
    public void run(Scale scale, Results results) throws Exception {
        var plan = course.of(scale);
        var folder = Files.createTempDirectory("mimir-bench-");
        var file = Files.write(Files.createTempFile("mimir-bench-", ".progress"), new byte[4096]);
        var readers = new ArrayList<Program>();
        try (var arena = Arena.ofConfined(); var pictures = pictures();
                var ring = Frames.ring(IDENTITY, Map.of("manifests", folder.toString()))) {
            var progress = map(file, arena);
            for (int i = 0; i < Frames.READERS; i++) {
                readers.add(new Program("ring_frames", folder, IDENTITY, plan.first(), plan.end(), file, i));
            }
            for (var reader : readers) {
                reader.awaitReady();
            }
            collect(readers, sender(plan, ring, pictures, progress).send(results), results);
        } finally {
            readers.forEach(Program::close);
            Files.delete(file);
            Files.deleteIfExists(folder);
        }
    }

    private static MemorySegment map(Path file, Arena arena) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, 4096, arena);
        }
    }

    private static MappedMemory pictures() {
        var pictures = MappedMemory.anonymous(POOL * Frames.BYTES);
        for (int i = 0; i < POOL; i++) {
            Frames.picture(pictures.segment().asSlice(i * Frames.BYTES, Frames.BYTES), i);
        }
        return pictures;
    }

    private static Sender sender(Course plan, EventRing ring, MappedMemory pictures, MemorySegment progress) {
        var writer = ring.owner().writer();
        return new Sender(plan, frame -> {
            long now = System.nanoTime();
            writer.claim();
            writer.copyIn(pictures, frame % POOL * Frames.BYTES, 0, Frames.BYTES);
            Frames.commit(writer, frame, now);
        }, reader -> (long) WORD.getAcquire(progress, (long) reader * LINE));
    }

    /** Work of all processes together; times of the slowest consumer. */
    static void collect(List<Program> readers, double sender, Results results) throws Exception {
        double work = sender;
        double p50 = 0;
        double p99 = 0;
        for (var reader : readers) {
            var figures = reader.results(0).figures();
            work += figures.get("cpuPerFrame.ns");
            p50 = Math.max(p50, figures.get("p50.ns"));
            p99 = Math.max(p99, figures.get("p99.ns"));
        }
        results.note("cpuPerFrame.ns", work);
        results.note("cpuPerFrame.sender.ns", sender);
        results.note("p50.ns", p50);
        results.note("p99.ns", p99);
    }
}
