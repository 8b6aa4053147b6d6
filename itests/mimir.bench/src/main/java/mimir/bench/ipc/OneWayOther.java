// SPDX-License-Identifier: Apache-2.0
package mimir.bench.ipc;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import mimir.bench.Meter;
import mimir.bench.Results;
import mimir.bench.handoff.Observer;
import org.HdrHistogram.Histogram;

/** The process that receives in {@link OneWay}. Confined to the main thread. */
final class OneWayOther {
    private OneWayOther() {
    }

    /** Arguments: folder, mechanism, way of waiting, bursts, events in a burst. */
    public static void main(String[] words) {
        try {
            var wait = Wire.Wait.valueOf(words[2]);
            var tally = new Tally(Long.parseLong(words[3]), Integer.parseInt(words[4]));
            var results = new Results();
            try (var inlet = Wires.of(words[1]).inlet(Path.of(words[0]), OneWay.NAME, wait)) {
                System.out.println(Other.READY);
                receive(inlet, tally, wait, results);
            }
            results.lines().forEach(System.out::println);
        } catch (RuntimeException e) {
            System.out.println("failed " + e);
        }
        System.exit(0);
    }

    private static void receive(Wire.Inlet inlet, Tally tally, Wire.Wait wait, Results results) {
        var meter = new Meter();
        long began = 0;
        long before = 0;
        while (tally.last < tally.events - 1) {
            if (inlet.take(tally) == 0) {
                inlet.await();
            } else if (began == 0 && tally.last >= tally.events / 2) {
                meter.settle(); // the first half was warm-up
                before = tally.last;
                began = System.nanoTime();
            }
        }
        long ended = System.nanoTime();
        double share = meter.share();
        results.note("rate.perS", (tally.last - before) * 1e9 / (ended - began));
        results.note("received.share", (double) tally.taken / tally.events);
        results.note("sleepsPerOp", 2.0 * meter.sleeps() / tally.events);
        results.quantiles(tally.burst == 1 ? "" : "batch.", tally.times);
        if (wait == Wire.Wait.SPIN) {
            results.spun("receiver", share);
        }
    }

    /** Times of the last event of each burst; the first half of them does not count. Confined. */
    private static final class Tally implements Observer {
        private final long events;
        private final int burst;
        private final Histogram times = new Histogram(TimeUnit.SECONDS.toNanos(60), 3);
        private long last = -1;
        private long taken;

        Tally(long bursts, int burst) {
            this.events = bursts * burst;
            this.burst = burst;
        }

        @Override
        public void take(long sequence, long timeNs, long sum) {
            if (sequence <= last || sum != Observer.sum(sequence)) {
                throw new IllegalStateException("event " + sequence + " is damaged or out of order");
            }
            last = sequence;
            taken++;
            if (timeNs != 0 && sequence >= events / 2 && (sequence + 1) % burst == 0) {
                times.recordValue(System.nanoTime() - timeNs);
            }
        }
    }
}
