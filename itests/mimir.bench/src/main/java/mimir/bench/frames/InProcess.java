// SPDX-License-Identifier: Apache-2.0
package mimir.bench.frames;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import com.sun.management.OperatingSystemMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import mimir.bench.Crew;
import mimir.bench.EventRing;
import mimir.bench.NativeCode;
import mimir.bench.Results;
import mimir.bench.Scale;
import mimir.bench.Trial;
import mimir.ring.Lease;
import mimir.ring.Profile;
import mimir.ring.RingReader;
import mimir.ring.Start;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Frames that lie in their slots already, as a device leaves them there, to three readers that sleep while there is
 * nothing. A saturated writer waits for the slowest of them, as the peer's does. Confined: run once.
 *
 * @param warmup frames before those that count, as fast as they go
 * @param frames those that count
 * @param fps 0: as fast as they go
 * @param touch every reader reads every byte, with the same function as the peer
 */
record InProcess(int warmup, int frames, int fps, boolean touch) implements Trial {
    private static final MethodHandle SUM = NativeCode.function("bench_sum",
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final int LINE = 16; // words between what two threads write
    private static final long PATIENCE_NS = 100_000_000;

    @Override
    public void run(Scale scale, Results results) throws Exception {
        try (var ring = Frames.ring("bench.frames", Map.of()); var arena = Arena.ofConfined(); var crew = new Crew()) {
            var run = new Run(ring, scale.of(warmup), scale.of(warmup) + scale.of(frames), results);
            run.fill(arena);
            for (int i = 0; i < Frames.READERS; i++) {
                int number = i;
                var reader = ring.owner().ring().reader("bench-" + i, Profile.EVERY, Start.NOW);
                crew.start("reader-" + i, () -> run.read(reader, number));
            }
            run.write();
            crew.join();
            results.quantiles("", run.times);
            results.note("lost.count", run.lost.get());
        }
    }

    /** Thread-safe. */
    private final class Run {
        private final EventRing ring;
        private final long warm;
        private final long end;
        private final Results results;
        private final long firstSequence = 1000; // those before it only filled the slots
        private final AtomicLongArray progress = new AtomicLongArray((Frames.READERS + 1) * LINE);
        private final AtomicLong lost = new AtomicLong();
        private final AtomicLong bytesRead = new AtomicLong();
        private final Histogram times = new ConcurrentHistogram(TimeUnit.SECONDS.toNanos(60), 3);

        Run(EventRing ring, long warm, long end, Results results) {
            this.ring = ring;
            this.warm = warm;
            this.end = end;
            this.results = results;
        }

        void fill(Arena arena) {
            var picture = Frames.picture(arena.allocate(Frames.BYTES, 64), 1);
            var writer = ring.owner().writer();
            for (int i = 0; i < 64; i++) {
                writer.claim();
                writer.copyIn(picture, 0, 0, Frames.BYTES);
                Frames.commit(writer, i, 0);
            }
        }

        void write() {
            var writer = ring.owner().writer();
            long began = 0;
            long cpu = 0;
            long next = System.nanoTime();
            for (long i = 0; i < end; i++) {
                if (i == warm) {
                    awaitSlowest(i); // what came before is no part of it
                    began = System.nanoTime();
                    next = began;
                    cpu = SYSTEM.getProcessCpuTime();
                }
                if (fps > 0 && i >= warm) {
                    next += 1_000_000_000L / fps;
                    sleepUntil(next);
                } else {
                    awaitSlowest(i - Frames.UNDER_WAY);
                }
                long now = System.nanoTime();
                writer.claim();
                Frames.commit(writer, firstSequence + i, now);
            }
            awaitSlowest(end);
            results.note("rate.perS", (end - warm) * 1e9 / (System.nanoTime() - began));
            results.note("cpuPerFrame.ns", (double) (SYSTEM.getProcessCpuTime() - cpu) / (end - warm));
        }

        private static void sleepUntil(long when) {
            for (long left = when - System.nanoTime(); left > 0; left = when - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
        }

        private void awaitSlowest(long frame) {
            for (int i = 1; i <= Frames.READERS; i++) {
                while (progress.getAcquire(i * LINE) < frame) {
                    Thread.yield();
                }
            }
        }

        void read(RingReader reader, int number) {
            long sum = 0;
            long next = 0;
            while (next < end) {
                var lease = reader.next();
                if (lease == null) {
                    reader.await(PATIENCE_NS);
                    continue;
                }
                long sequence = lease.descriptor().sequence() - firstSequence;
                sum += look(lease);
                if (sequence >= warm) {
                    times.recordValue(System.nanoTime() - lease.descriptor().hostTimeNs());
                }
                boolean whole = lease.release();
                lost.addAndGet(sequence - next + (whole ? 0 : 1));
                next = sequence + 1;
                progress.setRelease((number + 1) * LINE, next);
            }
            reader.close();
            bytesRead.addAndGet(sum); // so that it is computed
        }

        private long look(Lease lease) {
            if (!touch) {
                return lease.memory().get(JAVA_BYTE, lease.offset());
            }
            try {
                return (long) SUM.invokeExact(lease.memory().address() + lease.offset(), Frames.BYTES);
            } catch (Throwable e) {
                throw new IllegalStateException("the pixels could not be read", e);
            }
        }
    }
}
