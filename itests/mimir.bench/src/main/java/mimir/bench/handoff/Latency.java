// SPDX-License-Identifier: Apache-2.0
package mimir.bench.handoff;

import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import mimir.bench.Crew;
import mimir.bench.Meter;
import mimir.bench.Pace;
import mimir.bench.Results;
import mimir.bench.Scale;
import mimir.bench.Trial;
import org.HdrHistogram.Histogram;

/**
 * Time from just before an event is sent until all its words were read, at a steady beat. Both threads spin.
 * Confined: run
 * once.
 */
public record Latency(Lane.Maker maker) implements Trial {
    private static final int EVENTS = 420_000; // half of them count: a million in five rounds
    private static final long PERIOD_NS = 10_000;

    @Override
    public void run(Scale scale, Results results) throws Exception {
        int events = scale.of(EVENTS);
        var ready = new CyclicBarrier(2);
        try (var lane = maker.make(1, false); var crew = new Crew()) {
            var receiver = lane.receiver();
            crew.start("receiver", () -> receive(receiver, events, ready, results));
            crew.start("sender", () -> send(lane, events, ready, results));
            crew.join();
        }
    }

    private static void send(Lane lane, int events, CyclicBarrier ready, Results results) throws Exception {
        var sender = lane.sender();
        ready.await();
        var meter = new Meter();
        var pace = new Pace(PERIOD_NS);
        for (int i = 0; i < events; i++) {
            if (i == events / 2) {
                meter.settle();
            }
            pace.await();
            sender.send(i, System.nanoTime());
        }
        results.spun("sender", meter.share());
    }

    private static void receive(Lane.Receiver receiver, int events, CyclicBarrier ready, Results results)
            throws Exception {
        var times = new Times(events);
        ready.await();
        var meter = new Meter();
        while (times.last < events - 1) {
            if (times.last == events / 2) {
                meter.settle();
            }
            if (receiver.poll(times) == 0) {
                Thread.onSpinWait();
            }
        }
        meter.count(events - events / 2);
        results.note("receiver.bytesPerOp", meter.bytesPerOperation());
        results.note("sleepsPerOp", 2.0 * meter.sleeps() / events);
        results.spun("receiver", meter.share());
        results.quantiles("", times.histogram);
    }

    /** Confined to the receiver. */
    public static final class Times implements Observer {
        private final Histogram histogram = new Histogram(TimeUnit.SECONDS.toNanos(30), 3);
        private final long warm;
        private long last = -1;

        /** The first half of the events is not counted: the compiler is at work. */
        public Times(int events) {
            warm = events / 2;
        }

        /** Number of the newest event. */
        public long last() {
            return last;
        }

        /** The times. */
        public Histogram histogram() {
            return histogram;
        }

        @Override
        public void take(long sequence, long timeNs, long sum) {
            long now = System.nanoTime();
            if (sum != Observer.sum(sequence)) {
                throw new IllegalStateException("event " + sequence + " is damaged");
            }
            if (last < warm && sequence >= warm) {
                histogram.reset(); // recorded in the warm-up as well, or it would be compiled in what counts
            }
            last = sequence;
            histogram.recordValue(now - timeNs);
        }
    }
}
