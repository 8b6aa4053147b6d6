// SPDX-License-Identifier: Apache-2.0
package mimir.bench.handoff;

import mimir.bench.Crew;
import mimir.bench.EventRing;
import mimir.bench.Meter;
import mimir.bench.Pace;
import mimir.bench.Results;
import mimir.bench.Scale;
import mimir.bench.Trial;
import mimir.ring.Profile;
import mimir.ring.RingReader;
import mimir.ring.Start;
import mimir.ring.Waiting;
import org.HdrHistogram.Histogram;

/**
 * 64 events to another thread: from before the first is written until the last was read. Confined: run once.
 *
 * @param waiting how that thread waits: at the doorbell, or spinning
 * @param together shown at once; else one by one
 */
record Batch(Waiting waiting, boolean together) implements Trial {
    private static final int BATCHES = 5_000;
    private static final int EVENTS = 64;
    private static final long PERIOD_NS = 300_000;
    private static final long PATIENCE_NS = 100_000_000;

    @Override
    public void run(Scale scale, Results results) throws Exception {
        int batches = scale.of(BATCHES);
        try (var ring = new EventRing("bench.batch"); var crew = new Crew();
                var reader = ring.owner().ring().reader("bench", Profile.LOSSLESS, Start.NOW, waiting)) {
            crew.start("sender", () -> send(ring, batches, results));
            read(reader, batches, results);
            crew.join();
        }
    }

    private void send(EventRing ring, int batches, Results results) {
        var writer = ring.owner().writer();
        var pace = new Pace(PERIOD_NS);
        long sequence = 0;
        var meter = new Meter();
        for (int i = 0; i < batches; i++) {
            if (i == batches / 2) {
                meter.settle();
            }
            pace.await();
            long now = System.nanoTime();
            for (int n = 0; n < EVENTS; n++) {
                MimirLane.awaitRoom(writer);
                MimirLane.fill(writer, sequence++, now);
                if (together) {
                    writer.stage();
                } else {
                    writer.commit();
                }
            }
            writer.publish();
        }
        meter.count(batches - batches / 2);
        results.note("sender.bytesPerOp", meter.bytesPerOperation());
        tellShare("sender", meter, results);
    }

    private void tellShare(String thread, Meter meter, Results results) {
        if (waiting == Waiting.SPIN) {
            results.spun(thread, meter.share());
        }
    }

    private void read(RingReader reader, int batches, Results results) {
        var meter = new Meter();
        var last = new Last(batches, meter);
        while (last.sequence < (long) batches * EVENTS - 1) {
            if (MimirLane.poll(reader, last) == 0) {
                reader.await(PATIENCE_NS);
            }
        }
        tellShare("receiver", meter, results);
        results.note("sleepsPerBatch", 2.0 * meter.sleeps() / batches);
        results.quantiles("batch.", last.times);
    }

    /** Times of whole batches; the first half was warm-up. Confined. */
    private static final class Last implements Observer {
        private final Histogram times = new Histogram(30_000_000_000L, 3);
        private final long warm;
        private final Meter meter;
        private long sequence = -1;

        Last(int batches, Meter meter) {
            this.meter = meter;
            warm = (long) batches * EVENTS / 2;
        }

        @Override
        public void take(long number, long timeNs, long sum) {
            if (sequence < warm && number >= warm) {
                meter.settle();
                times.reset(); // recorded in the warm-up as well, or it would be compiled in what counts
            }
            sequence = number;
            if (number % EVENTS == EVENTS - 1) {
                times.recordValue(System.nanoTime() - timeNs);
            }
        }
    }
}
