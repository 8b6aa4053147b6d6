// SPDX-License-Identifier: Apache-2.0
package mimir.bench.handoff;

import java.util.ArrayList;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.DoubleStream;
import mimir.bench.Crew;
import mimir.bench.Meter;
import mimir.bench.Results;
import mimir.bench.Scale;
import mimir.bench.Trial;

/**
 * As many events as go through: the clock runs from the first that is sent until the slowest receiver has seen the
 * last.
 * Confined: run once.
 *
 * @param maker of the mechanism
 * @param receivers how many threads receive
 * @param stopped one more receiver is there and never looks
 */
public record Throughput(Lane.Maker maker, int receivers, boolean stopped) implements Trial {
    private static final int EVENTS = 10_000_000;
    private static final int REPETITIONS = 5; // and one before them to warm up
    private static final long ENOUGH_NS = 5_000_000_000L; // on a busy machine some repetitions are left out
    private static final double LEAST_SHARE = 0.95;

    @Override
    public void run(Scale scale, Results results) throws Exception {
        repetition(scale, results);
        var all = new ArrayList<Run>();
        long end = System.nanoTime() + ENOUGH_NS;
        for (int i = 0; i < (scale == Scale.WHOLE ? REPETITIONS : 1) && (i == 0 || System.nanoTime() < end); i++) {
            all.add(repetition(scale, results));
        }
        var quiet = all.stream().filter(run -> run.leastShare() >= LEAST_SHARE).toList();
        var counted = quiet.isEmpty() ? all : quiet;
        results.note("rate.perS", median(counted.stream().mapToDouble(run -> run.rate(run.ended.get()))));
        results.note("sent.perS", median(counted.stream().mapToDouble(run -> run.rate(run.sent.get()))));
        results.note("repetitions.count", counted.size());
        double share = median(counted.stream().mapToDouble(Run::leastShare));
        if (receivers == 1) {
            results.spun("spinning", share);
        } else {
            results.note("cpu.least", share); // with more threads than cores nobody can have one alone
        }
    }

    private Run repetition(Scale scale, Results results) throws Exception {
        boolean yielding = receivers > 1;
        try (var lane = maker.make(receivers, yielding); var crew = new Crew()) {
            var run = new Run(lane, scale.of(EVENTS), receivers, yielding, results);
            if (stopped) {
                lane.receiver();
            }
            run.start(crew);
            crew.join();
            return run;
        }
    }

    private static double median(DoubleStream values) {
        var sorted = values.sorted().toArray();
        return sorted[sorted.length / 2];
    }

    /** One repetition. Thread-safe. */
    private static final class Run {
        private final Lane lane;
        private final int events;
        private final int receivers;
        private final boolean yielding;
        private final Results results;
        private final Queue<Double> shares = new ConcurrentLinkedQueue<>();
        private final CyclicBarrier ready;
        private final AtomicLong began = new AtomicLong();
        private final AtomicLong sent = new AtomicLong();
        private final AtomicLong ended = new AtomicLong();

        Run(Lane lane, int events, int receivers, boolean yielding, Results results) {
            this.lane = lane;
            this.events = events;
            this.receivers = receivers;
            this.yielding = yielding;
            this.results = results;
            this.ready = new CyclicBarrier(receivers + 1);
        }

        double rate(long until) {
            return events * 1e9 / (until - began.get());
        }

        void start(Crew crew) {
            for (int i = 0; i < receivers; i++) {
                int number = i;
                var receiver = lane.receiver();
                crew.start("receiver-" + i, () -> receive(receiver, number));
            }
            crew.start("sender", this::send);
        }

        private void send() throws Exception {
            var sender = lane.sender();
            ready.await();
            began.set(System.nanoTime());
            var meter = new Meter();
            for (int i = 0; i < events; i++) {
                if (i == events / 2) {
                    meter.settle();
                }
                sender.send(i, 0);
            }
            sent.set(System.nanoTime());
            meter.count(events - events / 2);
            results.note("sender.bytesPerOp", meter.bytesPerOperation());
            shares.add(meter.share());
        }

        private void receive(Lane.Receiver receiver, int number) throws Exception {
            var count = new Count();
            ready.await();
            var meter = new Meter();
            while (count.last < events - 1) {
                if (receiver.poll(count) == 0) {
                    Lane.idle(yielding);
                }
            }
            ended.accumulateAndGet(System.nanoTime(), Math::max);
            shares.add(meter.share());
            results.note("received.share." + number, (double) count.taken / events);
            if (count.wrong > 0) {
                throw new IllegalStateException(count.wrong + " events arrived out of order or damaged");
            }
        }

        double leastShare() {
            return shares.stream().mapToDouble(Double::doubleValue).min().orElse(0);
        }
    }

    /** Confined to a receiver. */
    private static final class Count implements Observer {
        private long last = -1;
        private long taken;
        private long wrong;

        @Override
        public void take(long sequence, long timeNs, long sum) {
            if (sequence <= last || sum != Observer.sum(sequence)) {
                wrong++;
            }
            last = sequence;
            taken++;
        }
    }
}
