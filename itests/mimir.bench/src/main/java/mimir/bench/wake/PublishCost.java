// SPDX-License-Identifier: Apache-2.0
package mimir.bench.wake;

import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import mimir.bench.Crew;
import mimir.bench.Meter;
import mimir.bench.Pace;
import mimir.bench.Results;
import mimir.bench.Scale;
import mimir.bench.Trial;
import org.HdrHistogram.Histogram;

/**
 * What one publication costs the thread that publishes, with so many threads waiting for it. Confined: run once.
 *
 * @param maker of the mechanism
 * @param receivers threads that wait
 * @param periodNs beat; long enough that sleepers sleep again
 * @param burst publications between two looks at the clock, for costs near that of a look
 */
public record PublishCost(Wakeful.Maker maker, int receivers, long periodNs, int burst) implements Trial {
    private static final int ROUNDS = 20_000;

    @Override
    public void run(Scale scale, Results results) throws Exception {
        int rounds = scale.of(ROUNDS);
        var times = new Histogram(TimeUnit.SECONDS.toNanos(10), 3);
        var stop = new AtomicBoolean();
        try (var wakeful = maker.make(); var crew = new Crew()) {
            var all = new ArrayList<Wakeful.Receiver>();
            for (int i = 0; i < receivers; i++) {
                var receiver = wakeful.receiver();
                all.add(receiver);
                crew.start("receiver-" + i, () -> receive(receiver, stop));
            }
            publish(wakeful, rounds, times, results);
            stop.set(true);
            all.forEach(Wakeful.Receiver::end);
            crew.join();
        }
        results.quantiles("", times);
    }

    private void publish(Wakeful wakeful, int rounds, Histogram times, Results results) {
        var pace = new Pace(periodNs);
        var meter = new Meter();
        for (int i = 0; i < rounds; i++) {
            if (i == rounds / 2) {
                times.reset(); // recorded in the warm-up as well, or it would be compiled in what counts
                meter.settle();
            }
            pace.await();
            long begin = System.nanoTime();
            for (int n = 0; n < burst; n++) {
                wakeful.publish((long) i * burst + n);
            }
            long took = System.nanoTime() - begin;
            times.recordValue(took / burst);
        }
        meter.count((long) (rounds - rounds / 2) * burst);
        results.note("sender.bytesPerOp", meter.bytesPerOperation());
        if (receivers < Runtime.getRuntime().availableProcessors()) {
            results.spun("sender", meter.share());
        }
    }

    private static void receive(Wakeful.Receiver receiver, AtomicBoolean stop) {
        while (!stop.get()) {
            receiver.await();
        }
    }
}
