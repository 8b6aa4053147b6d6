// SPDX-License-Identifier: Apache-2.0
package mimir.bench.ipc;

import java.util.concurrent.TimeUnit;
import mimir.bench.Meter;
import mimir.bench.Pace;
import mimir.bench.Results;
import mimir.bench.Scale;
import mimir.bench.Trial;
import mimir.bench.handoff.Observer;
import org.HdrHistogram.Histogram;

/**
 * From a client to a server in another process and back: two hops, as a message goes through a routing server.
 * Everybody
 * sleeps while there is nothing to do. Single events first, then batches of 64; the first half of each is warm-up.
 * Confined: run once.
 *
 * @param wire name of the mechanism
 */
record RoundTrip(String wire) implements Trial {
    static final String BACK = "bench.back";
    static final int BATCH = 64;
    private static final int EVENTS = 20_000;
    private static final int BATCHES = 4_000;
    private static final long PERIOD_NS = 150_000;

    @Override
    public void run(Scale scale, Results results) throws Exception {
        try (var other = new Other();
                var there = Wires.of(wire).outlet(other.folder(), OneWay.NAME, Wire.Wait.SLEEP)) {
            int singles = scale.of(EVENTS);
            int batches = scale.of(BATCHES);
            long events = singles + (long) batches * BATCH;
            other.start(RoundTripOther.class, wire, Wire.Wait.SLEEP.name(), Long.toString(events));
            try (var back = Wires.of(wire).inlet(other.folder(), BACK, Wire.Wait.SLEEP)) {
                var client = new Client(there, back, Wires.of(wire).window());
                client.run(singles, 1, "", results);
                client.run(batches, BATCH, "batch.", results);
            }
            other.join(results);
        }
    }

    /** Confined. */
    private static final class Client implements Observer {
        private final Wire.Outlet there;
        private final Wire.Inlet back;
        private final int window;
        private long sent;
        private long last = -1;

        Client(Wire.Outlet there, Wire.Inlet back, int window) {
            this.window = window;
            this.there = there;
            this.back = back;
        }

        void run(int rounds, int burst, String prefix, Results results) {
            var times = new Histogram(TimeUnit.SECONDS.toNanos(60), 3);
            var meter = new Meter();
            var pace = new Pace(PERIOD_NS);
            for (int i = 0; i < rounds; i++) {
                if (i == rounds / 2) {
                    times.reset(); // until now both compilers were at work, on two cores that two processes need
                    meter.settle();
                }
                pace.await();
                long begin = System.nanoTime();
                for (int n = 0; n < burst; n++) {
                    while (sent - last > window) {
                        back.take(this);
                    }
                    there.put(sent++, begin);
                }
                there.flush();
                while (last < sent - 1) {
                    if (back.take(this) == 0) {
                        back.await();
                    }
                }
                times.recordValue(System.nanoTime() - begin);
            }
            results.note(prefix + "sleepsPerOp", 2.0 * meter.sleeps() / rounds);
            results.quantiles(prefix, times);
        }

        @Override
        public void take(long sequence, long timeNs, long sum) {
            if (sequence != last + 1 || sum != Observer.sum(sequence)) {
                throw new IllegalStateException("event " + sequence + " came after " + last);
            }
            last = sequence;
        }
    }
}
