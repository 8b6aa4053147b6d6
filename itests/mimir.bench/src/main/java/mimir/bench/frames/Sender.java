// SPDX-License-Identifier: Apache-2.0
package mimir.bench.frames;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntToLongFunction;
import java.util.function.LongConsumer;
import mimir.bench.NativeCode;
import mimir.bench.Results;

/**
 * Sends the frames of a trial. Waits for the slowest reader asleep, as the peers' senders do: one that yields instead
 * takes its readers' time where cores are few, and is all that the trial then measures. Confined.
 *
 * @param course how many and when
 * @param publish sends the frame of that number
 * @param progress frames that a reader is through with
 */
record Sender(Course course, LongConsumer publish, IntToLongFunction progress) {
    private static final MethodHandle PROCESS_NS = NativeCode.function("bench_process_ns",
            FunctionDescriptor.of(JAVA_LONG));
    private static final long REST_NS = 50_000;

    /** Sends all and waits until all have it. Returns the time on a core per frame that counts, of this process, ns. */
    double send(Results results) {
        long paced = System.nanoTime();
        long began = 0;
        long cpu = 0;
        for (long i = 0; i < course.end(); i++) {
            if (i == course.fast()) {
                paced = System.nanoTime();
            }
            if (i == course.first()) {
                awaitSlowest(i); // what came before is no part of it
                began = System.nanoTime();
                cpu = processNs();
            }
            awaitSlowest(i - Frames.UNDER_WAY);
            if (course.paced(i)) {
                sleepUntil(paced + course.due(i));
            }
            publish.accept(i);
        }
        awaitSlowest(course.end());
        results.note("rate.perS", course.frames() * 1e9 / (System.nanoTime() - began));
        return (double) (processNs() - cpu) / course.frames();
    }

    private static long processNs() {
        try {
            return (long) PROCESS_NS.invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException("the time of the process could not be read", e);
        }
    }

    private static void sleepUntil(long when) {
        for (long left = when - System.nanoTime(); left > 0; left = when - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private void awaitSlowest(long frame) {
        for (int i = 0; i < Frames.READERS; i++) {
            while (progress.applyAsLong(i) < frame) {
                LockSupport.parkNanos(REST_NS);
            }
        }
    }
}
