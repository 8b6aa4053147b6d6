// SPDX-License-Identifier: Apache-2.0
package mimir.bench.analysis;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import mimir.bench.Meter;
import mimir.bench.Results;
import mimir.bench.Scale;
import mimir.bench.Trial;
import org.HdrHistogram.Histogram;

/**
 * What it costs to put one thing there and to read it, in one thread and in turns: so many pairs between two looks at
 * the clock. Then the same apart: so many are put, and then read. Confined: run once.
 *
 * @param maker of the mechanism, one for each JVM, so that it is inlined
 */
record PairCost(Supplier<Pair> maker) implements Trial {
    private static final int PAIRS = 32;
    private static final int BATCHES = 100_000;
    private static final double PICO = 1000; // a histogram counts whole numbers

    @Override
    public void run(Scale scale, Results results) {
        int batches = scale.of(BATCHES);
        try (var pair = maker.get()) {
            long next = 0;
            for (int warm = 0; warm < 3; warm++) {
                next = inTurns(pair, next, batches, times(), results);
                next = apart(pair, next, batches, times(), times());
            }
            var turns = times();
            next = inTurns(pair, next, batches, turns, results);
            var puts = times();
            var takes = times();
            apart(pair, next, batches, puts, takes);
            note(results, "pair", turns);
            note(results, "put", puts);
            note(results, "take", takes);
        }
    }

    private static Histogram times() {
        return new Histogram(TimeUnit.SECONDS.toNanos(10), 3);
    }

    private static void note(Results results, String name, Histogram times) {
        results.note(name + ".p50.ns", times.getValueAtPercentile(50) / PICO);
        results.note(name + ".p99.ns", times.getValueAtPercentile(99) / PICO);
    }

    private static void record(Histogram times, long ns) {
        times.recordValue((long) (ns * PICO / PAIRS));
    }

    private static long inTurns(Pair pair, long first, int batches, Histogram times, Results results) {
        var meter = new Meter();
        long wrong = 0;
        long next = first;
        for (int batch = 0; batch < batches; batch++) {
            long begin = System.nanoTime();
            wrong += turns(pair, next);
            record(times, System.nanoTime() - begin);
            next += PAIRS;
        }
        meter.count((long) batches * PAIRS);
        results.note("bytesPerOp", meter.bytesPerOperation());
        requireRight(wrong);
        return next;
    }

    private static int turns(Pair pair, long first) {
        int wrong = 0;
        for (long number = first; number < first + PAIRS; number++) {
            pair.put(number);
            wrong += pair.take(number) == number ? 0 : 1;
        }
        return wrong;
    }

    private static long apart(Pair pair, long first, int batches, Histogram puts, Histogram takes) {
        long wrong = 0;
        long next = first;
        for (int batch = 0; batch < batches; batch++) {
            long begin = System.nanoTime();
            puts(pair, next);
            long put = System.nanoTime();
            wrong += takes(pair, next);
            record(takes, System.nanoTime() - put);
            record(puts, put - begin);
            next += PAIRS;
        }
        requireRight(wrong);
        return next;
    }

    private static void puts(Pair pair, long first) {
        for (long number = first; number < first + PAIRS; number++) {
            pair.put(number);
        }
    }

    private static int takes(Pair pair, long first) {
        int wrong = 0;
        for (long number = first; number < first + PAIRS; number++) {
            wrong += pair.take(number) == number ? 0 : 1;
        }
        return wrong;
    }

    private static void requireRight(long wrong) {
        if (wrong > 0) {
            throw new IllegalStateException(wrong + " were not found, or not as they were put there");
        }
    }
}
