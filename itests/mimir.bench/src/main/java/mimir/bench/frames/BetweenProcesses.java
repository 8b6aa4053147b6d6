// SPDX-License-Identifier: Apache-2.0
package mimir.bench.frames;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import mimir.bench.Results;
import mimir.bench.Scale;
import mimir.bench.Trial;
import mimir.ring.RingWriter;

/**
 * Frames to three C programs, by our ring: one copy into a slot, read in place. The writer is Java, as the platform is.
 * A saturated writer waits for the slowest reader, whose place it sees in a small shared file. Confined: run once.
 *
 * @param frames in all; the first quarter is warm-up
 * @param fps 0: as fast as they go
 */
record BetweenProcesses(int frames, int fps) implements Trial {
    private static final String IDENTITY = "bench.frames";
    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();
    private static final int LINE = 128;
    private static final int POOL = 24;
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    @Override
    public void run(Scale scale, Results results) throws Exception {
        var folder = Files.createTempDirectory("mimir-bench-");
        var file = Files.write(Files.createTempFile("mimir-bench-", ".progress"), new byte[4096]);
        var readers = new ArrayList<Program>();
        try (var arena = Arena.ofConfined(); var ring = Frames.ring(IDENTITY, Map.of("manifests", folder.toString()))) {
            var progress = map(file, arena);
            for (int i = 0; i < Frames.READERS; i++) {
                readers.add(new Program("ring_frames", folder, IDENTITY, scale.of(frames), file, i));
            }
            for (var reader : readers) {
                reader.awaitReady();
            }
            var writer = ring.owner().writer();
            double own = write(writer, pictures(arena), progress, scale.of(frames), results);
            collect(readers, own, results);
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

    private static List<MemorySegment> pictures(Arena arena) {
        var pictures = new ArrayList<MemorySegment>();
        for (int i = 0; i < POOL; i++) {
            pictures.add(Frames.picture(arena.allocate(Frames.BYTES, 64), i));
        }
        return pictures;
    }

    private double write(RingWriter writer, List<MemorySegment> pictures, MemorySegment progress, int count,
            Results results) {
        long began = 0;
        long cpu = 0;
        long next = System.nanoTime();
        for (int i = 0; i < count; i++) {
            if (i == count / 4) {
                began = System.nanoTime();
                cpu = SYSTEM.getProcessCpuTime();
            }
            if (fps > 0) {
                next += 1_000_000_000L / fps;
                for (long left = next - System.nanoTime(); left > 0; left = next - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
            }
            awaitSlowest(progress, i - Frames.UNDER_WAY);
            long now = System.nanoTime();
            writer.claim();
            writer.copyIn(pictures.get(i % POOL), 0, 0, Frames.BYTES);
            Frames.commit(writer, i, now);
        }
        awaitSlowest(progress, count);
        results.note("rate.perS", (count - count / 4) * 1e9 / (System.nanoTime() - began));
        return (double) (SYSTEM.getProcessCpuTime() - cpu) / (count - count / 4);
    }

    private static void awaitSlowest(MemorySegment progress, long frame) {
        for (int i = 0; i < Frames.READERS; i++) {
            while ((long) WORD.getAcquire(progress, (long) i * LINE) < frame) {
                Thread.yield();
            }
        }
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
