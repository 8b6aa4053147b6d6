// SPDX-License-Identifier: Apache-2.0
package mimir.bench.fromc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import mimir.bench.EventRing;
import mimir.bench.Meter;
import mimir.bench.NativeCode;
import mimir.bench.Results;
import mimir.bench.Scale;
import mimir.bench.Trial;
import mimir.bench.handoff.Latency;
import mimir.bench.handoff.MimirLane;
import mimir.ring.Profile;
import mimir.ring.RingReader;
import mimir.ring.RingSpec;
import mimir.ring.Start;
import mimir.ring.Waiting;

/**
 * A thread in C writes, Java reads: no call between them, only memory. Confined: run once.
 *
 * @param sleeping writer and reader sleep between two items, as with blocks of sound; else both spin
 */
record FromC(int items, long periodNs, boolean sleeping) implements Trial {
    private static final long PATIENCE_NS = 1_000_000_000;
    private static final MethodHandle START = NativeCode.function("bench_writer_start",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_INT));
    private static final MethodHandle JOIN = NativeCode.function("bench_writer_join",
            FunctionDescriptor.of(JAVA_DOUBLE));

    @Override
    public void run(Scale scale, Results results) throws Exception {
        int count = scale.of(items);
        try (var ring = new EventRing("bench.from-c", RingSpec.Writer.NATIVE);
                var reader = ring.owner().ring().reader("bench", Profile.EVERY, Start.NOW,
                        sleeping ? Waiting.DOORBELL : Waiting.SPIN)) {
            var times = new Latency.Times(count);
            start(ring, count);
            var meter = new Meter();
            read(reader, times, count, meter);
            results.quantiles("", times.histogram());
            results.note("reader.bytesPerOp", meter.bytesPerOperation());
            results.note("sleepsPerOp", 2.0 * meter.sleeps() / count);
            double writer = join();
            if (!sleeping) {
                results.spun("writer", writer);
                results.spun("reader", meter.share());
            }
        }
    }

    private void read(RingReader reader, Latency.Times times, int count, Meter meter) {
        while (times.last() < count - 1) {
            if (times.last() == count / 2) {
                meter.settle();
            }
            if (MimirLane.poll(reader, times) == 0) {
                if (sleeping) {
                    reader.await(PATIENCE_NS);
                } else {
                    Thread.onSpinWait();
                }
            }
        }
        meter.count(count - count / 2);
    }

    private void start(EventRing ring, int count) {
        try {
            int error = (int) START.invokeExact(ring.owner().region(), ring.owner().region().byteSize(),
                    ring.owner().hints(), (long) count, periodNs, sleeping ? 1 : 0);
            if (error != 0) {
                throw new IllegalStateException("the writer in C did not start: error " + -error);
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static double join() {
        try {
            return (double) JOIN.invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException("the writer in C could not be waited for", e);
        }
    }
}
