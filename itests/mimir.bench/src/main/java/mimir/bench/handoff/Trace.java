// SPDX-License-Identifier: Apache-2.0
package mimir.bench.handoff;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
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

/**
 * Where the time of an event goes. Every second event is stamped between its stages; the others are only timed from
 * their beginning to their end, in turns with them. So the sum of the stages can miss the whole way of the others: by a
 * stage that nobody stamps, and by what stamping changes. Of either kind the middle half counts, by the whole way;
 * pauses of a thread meet too few events to be shared out fairly. Confined: run once.
 */
record Trace(Waiting waiting, int events, long periodNs) implements Trial {
    private static final List<String> STAGES = List.of("room", "fill", "handover", "read");
    private static final int STAMPS = STAGES.size() + 1;
    private static final long PATIENCE_NS = 100_000_000;

    @Override
    public void run(Scale scale, Results results) throws Exception {
        int count = scale.of(events) & ~1;
        var stamps = new long[count][STAMPS]; // the sender's are published by the ring itself
        try (var ring = new EventRing("bench.trace"); var crew = new Crew();
                var reader = ring.owner().ring().reader("bench", Profile.LOSSLESS, Start.NOW, waiting)) {
            crew.start("sender", () -> send(ring, stamps));
            var meter = new Meter();
            read(reader, stamps);
            results.note("sleepsPerOp", (double) meter.sleeps() / count);
            crew.join();
        }
        note(stamps, results);
    }

    private static boolean isTraced(long number) {
        return (number & 1) == 0;
    }

    private void send(EventRing ring, long[][] stamps) {
        var writer = ring.owner().writer();
        var pace = new Pace(periodNs);
        for (int i = 0; i < stamps.length; i++) {
            boolean traced = isTraced(i);
            pace.await();
            stamps[i][0] = System.nanoTime();
            MimirLane.awaitRoom(writer);
            if (traced) {
                stamps[i][1] = System.nanoTime();
            }
            MimirLane.fill(writer, i, stamps[i][0]);
            if (traced) {
                stamps[i][2] = System.nanoTime();
            }
            writer.commit();
        }
    }

    private static void read(RingReader reader, long[][] stamps) {
        var check = new Check();
        while (check.last < stamps.length - 1) {
            if (reader.await(PATIENCE_NS)) {
                long seen = isTraced(check.last + 1) ? System.nanoTime() : 0;
                if (MimirLane.poll(reader, check) > 0) {
                    var sent = stamps[(int) check.last];
                    sent[3] = Math.max(seen, sent[2]); // it may be looking while the event is shown
                    sent[4] = System.nanoTime();
                }
            }
        }
    }

    private static void note(long[][] stamps, Results results) {
        var warm = Arrays.asList(stamps).subList(stamps.length / 2 & ~1, stamps.length);
        var traced = middle(warm.stream().filter(each -> each[1] != 0));
        double whole = mean(middle(warm.stream().filter(each -> each[1] == 0)), 0, STAMPS - 1);
        double sum = 0;
        for (int i = 0; i < STAGES.size(); i++) {
            double stage = mean(traced, i, i + 1);
            results.note(STAGES.get(i) + ".mean.ns", stage);
            sum += stage;
        }
        results.note("whole.mean.ns", whole);
        results.note("stages.share", sum / whole);
    }

    private static List<long[]> middle(Stream<long[]> events) {
        var sorted = events.sorted(Comparator.comparingLong(each -> each[STAMPS - 1] - each[0])).toList();
        return sorted.subList(sorted.size() / 4, sorted.size() - sorted.size() / 4);
    }

    private static double mean(List<long[]> events, int from, int to) {
        return events.stream().mapToLong(each -> each[to] - each[from]).average().orElseThrow();
    }

    /** Confined. */
    private static final class Check implements Observer {
        private long last = -1;

        @Override
        public void take(long sequence, long sentNs, long sum) {
            if (sequence != last + 1 || sum != Observer.sum(sequence)) {
                throw new IllegalStateException("event " + sequence + " came after " + last);
            }
            last = sequence;
        }
    }
}
