// SPDX-License-Identifier: Apache-2.0
package mimir.bench.hostile;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import mimir.api.work.Task;
import mimir.api.work.Worker;
import mimir.bench.Results;
import mimir.ring.Lease;
import mimir.ring.Profile;
import mimir.ring.Ring;
import mimir.ring.RingReader;
import mimir.ring.Start;
import mimir.ring.Waiting;
import org.HdrHistogram.Histogram;

/**
 * A reader of the platform at the doorbell of a source: how long after its publication it has each item in hand. The
 * reader is the worker's; the rest any thread's, when the worker has ended.
 */
public final class Delivery implements Task {
    private static final long PATIENCE_NS = 100_000_000;

    private final RingReader reader;
    private final LongSupplier clock;
    private final Histogram times = new Histogram(TimeUnit.SECONDS.toNanos(10), 3);
    private volatile boolean counting;
    private volatile long delivered;
    private volatile long awaited;
    private volatile Thread waiting;

    /** {@code clock} is the one that host times of its items are by. */
    public Delivery(Ring ring, LongSupplier clock) {
        this.clock = clock;
        reader = ring.reader("bench", Profile.EVERY, Start.NOW, Waiting.DOORBELL);
    }

    /** From now on; what came before was warm-up. */
    public void count() {
        counting = true;
    }

    /** Items so far. */
    public long delivered() {
        return delivered;
    }

    /** Waits until so many were delivered in all, or its patience is over. Returns whether they were. */
    public boolean await(long items, Duration patience) {
        long until = System.nanoTime() + patience.toNanos();
        waiting = Thread.currentThread();
        awaited = items;
        for (long left = patience.toNanos(); delivered < items && left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(this, left);
        }
        return delivered >= items;
    }

    @Override
    public void run(Worker self) {
        boolean began = false;
        while (!self.stopping()) {
            if (reader.await(PATIENCE_NS)) {
                take();
                if (counting && !began) {
                    began = true;
                    times.reset();
                }
            }
        }
    }

    private void take() {
        for (Lease item = reader.next(); item != null; item = reader.next()) {
            long took = clock.getAsLong() - item.descriptor().hostTimeNs();
            if (item.release()) {
                delivered++;
                if (delivered == awaited) {
                    LockSupport.unpark(waiting);
                }
            }
            times.recordValue(Math.max(0, took));
        }
    }

    /** Quantiles, under this name. The worker has ended. */
    public void note(String name, Results results) {
        results.note(name + ".p50.ns", times.getValueAtPercentile(50));
        results.note(name + ".p99.ns", times.getValueAtPercentile(99));
        results.note(name + ".max.ns", times.getMaxValue());
        results.note(name + ".count", times.getTotalCount());
    }

    /** Gives the reader back. */
    public void close() {
        reader.close();
    }
}
