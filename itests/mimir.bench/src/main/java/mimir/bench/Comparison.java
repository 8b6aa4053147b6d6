// SPDX-License-Identifier: Apache-2.0
package mimir.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * What became worse since an earlier run, and what nobody can tell. Two runs of hardly changed code differ by more than
 * a tenth in one row of five, so a row is worse only when no round of it is as good as any of the earlier run: the best
 * of now is behind the worst of then by more than the threshold. Immutable.
 *
 * @param worse rows of now
 * @param lines one sentence for each of them, for each row that only one of the runs has and that nobody asked to leave
 *     out, and for each row with too few rounds
 * @param missing whether a row that was there has no figures now
 */
record Comparison(List<Row> worse, List<String> lines, boolean missing) {
    /** Undisturbed rounds that a row must have in both runs. */
    static final int LEAST_ROUNDS = 3;

    /** Compares suite by suite those that {@code now} measured; {@code threshold} is a fraction. */
    static Comparison of(Outcome baseline, Outcome now, double threshold) {
        var worse = new ArrayList<Row>();
        var lines = new ArrayList<String>();
        for (var row : now.rows()) {
            var before = find(row, baseline);
            if (before.isEmpty()) {
                lines.add(title(row) + ": is not in the earlier run");
            } else if (Math.min(counted(row).size(), counted(before.get()).size()) < LEAST_ROUNDS) {
                lines.add("%s: nobody can tell, with %d undisturbed rounds now and %d then".formatted(title(row),
                        counted(row).size(), counted(before.get()).size()));
            } else if (isWorse(before.get(), row, threshold)) {
                worse.add(row);
                lines.add("%s: worse: %s, it was %s".formatted(title(row), spread(row), spread(before.get())));
            }
        }
        var missing = baseline.rows().stream().filter(Predicate.not(row -> find(row, now).isPresent()))
                .filter(row -> suites(now).contains(row.suite())).toList();
        missing.forEach(row -> lines.add(title(row) + ": has no figures now"));
        suites(baseline).stream().filter(Predicate.not(suites(now)::contains))
                .forEach(suite -> lines.add(suite + ": not measured now"));
        return new Comparison(List.copyOf(worse), List.copyOf(lines), !missing.isEmpty());
    }

    private static boolean isWorse(Row before, Row now, double threshold) {
        boolean more = now.kind().moreIsBetter();
        double then = more ? Collections.min(counted(before)) : Collections.max(counted(before));
        double best = more ? Collections.max(counted(now)) : Collections.min(counted(now));
        if (isExact(now)) {
            return Collections.max(counted(now)) > then;
        }
        double slack = threshold * scale(before, Math.abs(then));
        return more ? best < then - slack : best > then + slack;
    }

    /** What must be 0 must be so in each round. */
    private static boolean isExact(Row row) {
        return row.kind() == Goal.Kind.LEAST && row.goal() == 0;
    }

    /** What the threshold is a part of: a figure that may be 0 says nothing about how much of a change is one. */
    private static double scale(Row before, double figure) {
        return switch (before.kind()) {
            case RATE, COST, TIMES -> figure;
            case EXTRA, CHANGE -> Math.max(figure, before.peer());
            case LEAST, MOST -> Math.max(figure, before.goal());
        };
    }

    private static List<Double> counted(Row row) {
        return IntStream.range(0, row.rounds().size()).filter(i -> !row.invalid().contains(i + 1))
                .mapToObj(row.rounds()::get).toList();
    }

    private static Optional<Row> find(Row row, Outcome in) {
        return in.rows().stream().filter(row::asks).findFirst();
    }

    private static List<String> suites(Outcome of) {
        return of.samples().stream().map(Sample::suite).distinct().toList();
    }

    private static String title(Row row) {
        return row.suite() + ": " + row.name();
    }

    private static String spread(Row row) {
        var counted = counted(row);
        return String.format(Locale.ROOT, "%.3f (%.3f to %.3f)", Row.median(counted), Collections.min(counted),
                Collections.max(counted));
    }
}
