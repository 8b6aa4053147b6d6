// SPDX-License-Identifier: Apache-2.0
package mimir.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The page for people: docs/performance.md. Immutable. */
final class PerformancePage {
    private final Outcome outcome;
    private final Notes notes;
    private final StringBuilder text = new StringBuilder();

    private PerformancePage(Outcome outcome, Notes notes) {
        this.outcome = outcome;
        this.notes = notes;
    }

    static String of(Outcome outcome, Notes notes) {
        var page = new PerformancePage(outcome, notes);
        page.head();
        page.goals();
        page.kits();
        page.figures();
        return page.text.toString();
    }

    private void head() {
        line("<!-- SPDX-License-Identifier: Apache-2.0 -->");
        line("# How fast it is");
        line("");
        line("Written by `./mimir bench --doc docs/performance.md`; do not edit. What counts is the ratio: ours and "
                + "the best that exists, in the same round, on the same machine. Absolute figures belong to this "
                + "machine. The reasons for what is not met come from experiments apart from the run, on an AMD EPYC "
                + "with two processors.");
        line("");
        line("## Machine and method");
        line("");
        outcome.machine().forEach((name, value) -> line("- " + name + ": " + value));
        outcome.method().forEach((name, value) -> line("- " + name + ": " + value));
        line("");
    }

    private void goals() {
        long met = outcome.rows().stream().filter(Row::met).count();
        line("## Goals: " + met + " of " + outcome.rows().size() + " met");
        for (var suite : outcome.rows().stream().map(Row::suite).distinct().toList()) {
            var rows = outcome.rows().stream().filter(row -> row.suite().equals(suite)).toList();
            line("");
            line("### " + suite);
            line("");
            line("| | ours | peer | ratio | rounds | goal | stretch | |");
            line("|---|---|---|---|---|---|---|---|");
            rows.forEach(this::goal);
            rows.stream().filter(row -> !row.met()).forEach(row -> {
                line("");
                line("*" + row.name() + "* is not met: " + notes.of(row) + ".");
            });
        }
        line("");
    }

    private void goal(Row row) {
        line("| " + row.name() + " | " + Units.text(row.ours(), row.unit()) + " | " + Units.text(row.peer(), row.unit())
                + " | " + value(row, row.ratio()) + " | " + rounds(row) + " | " + limit(row, row.goal()) + " | "
                + (Double.isNaN(row.stretch()) ? "" : limit(row, row.stretch())) + " | " + verdict(row) + " |");
    }

    /** Each round's ratio; those that do not count stand in brackets. */
    private static String rounds(Row row) {
        var all = new StringBuilder();
        for (int i = 0; i < row.rounds().size(); i++) {
            var number = row.kind() == Goal.Kind.CHANGE
                    ? Units.text(row.rounds().get(i), row.unit()) : value(row, row.rounds().get(i));
            all.append(i == 0 ? "" : ", ").append(row.invalid().contains(i + 1) ? "(" + number + ")" : number);
        }
        return all.toString();
    }

    private static String value(Row row, double value) {
        return switch (row.kind()) {
            case RATE, COST, TIMES, CHANGE -> Units.text(value, "x");
            case EXTRA, LEAST, MOST -> Units.text(value, row.unit());
        };
    }

    private static String limit(Row row, double limit) {
        return (row.kind().moreIsBetter() ? "≥ " : "≤ ") + value(row, limit);
    }

    private static String verdict(Row row) {
        return (row.met() ? row.stretched() ? "met, stretch too" : "met" : "**not met**")
                + (row.doubtful() ? " (no round was undisturbed)" : "");
    }

    /** What a route costs inside a process and between two. */
    private void kits() {
        if (Kits.lines(outcome.samples()).isEmpty()) {
            return;
        }
        line("## Within a process and between two");
        line("");
        Kits.lines(outcome.samples()).forEach(this::line);
        line("");
    }

    private void figures() {
        line("## All figures");
        line("");
        line("Medians over all rounds that count, then the least and the most.");
        Map<String, List<Sample>> trials = outcome.samples().stream().collect(Collectors.groupingBy(each ->
                each.suite() + "/" + each.trial(), LinkedHashMap::new, Collectors.toList()));
        trials.forEach((trial, samples) -> {
            line("");
            line("**" + trial + "**" + disturbed(samples));
            line("");
            var names = samples.stream().flatMap(each -> each.figures().keySet().stream()).distinct().toList();
            names.forEach(name -> line("- " + name + ": " + spread(name, samples)));
        });
    }

    private static String disturbed(List<Sample> samples) {
        var faults = samples.stream().filter(each -> !each.faults().isEmpty())
                .map(each -> "round " + each.round() + ": " + String.join(", ", each.faults())).toList();
        return faults.isEmpty() ? "" : " (does not count: " + String.join("; ", faults) + ")";
    }

    private static String spread(String name, List<Sample> samples) {
        var valid = samples.stream().filter(each -> each.faults().isEmpty()).toList();
        var values = (valid.isEmpty() ? samples : valid).stream().filter(each -> each.figures().containsKey(name))
                .map(each -> each.figures().get(name)).sorted().toList();
        if (values.isEmpty()) {
            return "not measured";
        }
        var unit = Units.of(name);
        return String.format(Locale.ROOT, "%s (%s … %s)", Units.text(Row.median(values), unit),
                Units.text(values.getFirst(), unit), Units.text(values.getLast(), unit));
    }

    private void line(String words) {
        text.append(words).append('\n');
    }
}
