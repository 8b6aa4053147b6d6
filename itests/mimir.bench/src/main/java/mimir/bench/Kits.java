// SPDX-License-Identifier: Apache-2.0
package mimir.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The two ways to route events, in our own figures. Immutable. */
final class Kits {
    private Kits() {
    }

    /** Lines of a table; empty as long as one of the suites was not run. */
    static List<String> lines(List<Sample> samples) {
        var lines = new ArrayList<String>();
        lines.add("| | direct: one process | shared: two processes |");
        lines.add("|---|---|---|");
        row(lines, samples, "one event, p50", "mimir.latency", "mimir.latency", "p50.ns");
        row(lines, samples, "one event, p99", "mimir.latency", "mimir.latency", "p99.ns");
        row(lines, samples, "events, none lost", "mimir.throughput", "mimir.throughput", "rate.perS");
        row(lines, samples, "batch of 64, p50", "mimir.batch.spinning", "mimir.batch", "batch.p50.ns");
        if (lines.size() == 2) {
            return List.of();
        }
        lines.add("| a consumer that crashes or stops | takes the process along | leaves the others untouched |");
        return lines;
    }

    private static void row(List<String> lines, List<Sample> samples, String what, String direct, String shared,
            String figure) {
        var one = median(samples, "handoff", direct, figure);
        var two = median(samples, "ipc", shared, figure);
        if (one.isPresent() && two.isPresent()) {
            lines.add(String.format(Locale.ROOT, "| %s | %s | %s |", what,
                    Units.text(one.getAsDouble(), Units.of(figure)), Units.text(two.getAsDouble(), Units.of(figure))));
        }
    }

    private static OptionalDouble median(List<Sample> samples, String suite, String trial, String figure) {
        var all = samples.stream().filter(each -> each.suite().equals(suite) && each.trial().equals(trial))
                .filter(each -> each.figures().containsKey(figure)).toList();
        var valid = all.stream().filter(each -> each.faults().isEmpty()).toList();
        var values = (valid.isEmpty() ? all : valid).stream().map(each -> each.figures().get(figure)).toList();
        return values.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Row.median(values));
    }
}
