// SPDX-License-Identifier: Apache-2.0
package mimir.bench.frames;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
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
 * @param course how many frames and when
 * @param touch every reader reads every byte, with the same function as the peer
 */
record InProcess(Course course, boolean touch) implements Trial {
    private static final MethodHandle SUM = NativeCode.function("bench_sum",
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final int LINE = 16; // words between what two threads write
    private static final long PATIENCE_NS = 100_000_000;

    @Override
    public void run(Scale scale, Results results) throws Exception {
        try (var ring = Frames.ring("bench.frames", Map.of()); var arena = Arena.ofConfined(); var crew = new Crew()) {
            var run = new Run(ring, course.of(scale));
            run.fill(arena);
            for (int i = 0; i < Frames.READERS; i++) {
                int number = i;
                var reader = ring.owner().ring().reader("bench-" + i, Profile.EVERY, Start.NOW);
                crew.start("reader-" + i, () -> run.read(reader, number));
            }
            results.note("cpuPerFrame.ns", run.sender().send(results));
            crew.join();
            results.quantiles("", run.times);
            results.note("lost.count", run.lost.get());
        }
    }

    /** Thread-safe. */
    private final class Run {
        private final EventRing ring;
        private final Course plan;
        private final long firstSequence = 1000; // those before it only filled the slots
        private final AtomicLongArray progress = new AtomicLongArray((Frames.READERS + 1) * LINE);
        private final AtomicLong lost = new AtomicLong();
        private final AtomicLong bytesRead = new AtomicLong();
        private final Histogram times = new ConcurrentHistogram(TimeUnit.SECONDS.toNanos(60), 3);

        Run(EventRing ring, Course plan) {
            this.ring = ring;
            this.plan = plan;
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

        Sender sender() {
            var writer = ring.owner().writer();
            return new Sender(plan, frame -> {
                long now = System.nanoTime();
                writer.claim();
                Frames.commit(writer, firstSequence + frame, now);
            }, reader -> progress.getAcquire((reader + 1) * LINE));
        }

        void read(RingReader reader, int number) {
            long sum = 0;
            long next = 0;
            while (next < plan.end()) {
                var lease = reader.next();
                if (lease == null) {
                    reader.await(PATIENCE_NS);
                    continue;
                }
                long sequence = lease.descriptor().sequence() - firstSequence;
                sum += look(lease);
                if (sequence >= plan.first()) {
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
