// SPDX-License-Identifier: Apache-2.0
package mimir.bench.handoff;

import java.util.concurrent.TimeUnit;
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
 * Where the time of one event goes, stage by stage, each measured by itself; and the whole way, measured by itself as
 * well. A look at the clock is part of every stage. Confined: run once.
 */
record Trace(Waiting waiting, int events, long periodNs) implements Trial {
    private static final String[] STAGES = {"room", "fill", "handover", "read"};
    private static final long PATIENCE_NS = 100_000_000;

    @Override
    public void run(Scale scale, Results results) throws Exception {
        int count = scale.of(events);
        var stamps = new long[count][STAGES.length - 1]; // the sender's; published by the ring itself
        try (var ring = new EventRing("bench.trace"); var crew = new Crew();
                var reader = ring.owner().ring().reader("bench", Profile.LOSSLESS, Start.NOW, waiting)) {
            crew.start("sender", () -> send(ring, stamps));
            read(reader, stamps, results);
            crew.join();
        }
    }

    private void send(EventRing ring, long[][] stamps) {
        var writer = ring.owner().writer();
        var pace = new Pace(periodNs);
        for (int i = 0; i < stamps.length; i++) {
            pace.await();
            stamps[i][0] = System.nanoTime();
            MimirLane.awaitRoom(writer);
            stamps[i][1] = System.nanoTime();
            MimirLane.fill(writer, i, stamps[i][0]);
            stamps[i][2] = System.nanoTime();
            writer.commit();
        }
    }

    private static void read(RingReader reader, long[][] stamps, Results results) {
        var stages = new Histogram[STAGES.length];
        for (int i = 0; i < stages.length; i++) {
            stages[i] = new Histogram(TimeUnit.SECONDS.toNanos(30), 3);
        }
        var whole = new Histogram(TimeUnit.SECONDS.toNanos(30), 3);
        var check = new Check();
        var meter = new Meter();
        while (check.last < stamps.length - 1) {
            if (!reader.await(PATIENCE_NS)) {
                continue;
            }
            long seen = System.nanoTime();
            if (MimirLane.poll(reader, check) > 0 && check.last >= stamps.length / 10) {
                long done = System.nanoTime();
                var sent = stamps[(int) check.last];
                stages[0].recordValue(sent[1] - sent[0]);
                stages[1].recordValue(sent[2] - sent[1]);
                stages[2].recordValue(Math.max(0, seen - sent[2]));
                stages[3].recordValue(done - Math.max(seen, sent[2]));
                whole.recordValue(done - check.timeNs);
            }
        }
        double sum = 0;
        for (int i = 0; i < stages.length; i++) {
            results.note(STAGES[i] + ".mean.ns", stages[i].getMean());
            sum += stages[i].getMean();
        }
        results.note("whole.mean.ns", whole.getMean());
        results.note("stages.share", sum / whole.getMean());
        results.note("sleepsPerOp", (double) meter.sleeps() / stamps.length);
    }

    /** Confined. */
    private static final class Check implements Observer {
        private long last = -1;
        private long timeNs;

        @Override
        public void take(long sequence, long sentNs, long sum) {
            if (sequence != last + 1 || sum != Observer.sum(sequence)) {
                throw new IllegalStateException("event " + sequence + " came after " + last);
            }
            last = sequence;
            timeNs = sentNs;
        }
    }
}
