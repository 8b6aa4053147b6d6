// SPDX-License-Identifier: Apache-2.0
package mimir.syncbench;

import java.util.ArrayList;
import java.util.List;

/** What must be reached, by scenario: docs/sync.md has the reasons. */
final class Goals {
    private static final double PHASE_KEPT_S = 20;    // from a step of a camera until its error counts again
    private static final double PHASE_NEW_S = 27;     // 1.1 sweeps of 0.667 ms at 30 ppm, wander included

    private Goals() {
    }

    /** From when on errors of this scenario count, s. */
    static double settledS(Scenario scenario) {
        return Math.min(scenario.audio() ? 120 : 60, scenario.seconds() / 3);
    }

    /** For how long after a step errors do not count, s; at least until it is found. */
    static double blindS(Scenario scenario) {
        if (scenario.audio()) {
            return 0;
        }
        return scenario.steps().stream().anyMatch(each -> each.phaseUs() != 0) ? PHASE_NEW_S : PHASE_KEPT_S;
    }

    /** The rows that a scenario has by its name. */
    static List<Row> rows(Study study) {
        var rows = new ArrayList<Row>();
        var name = study.scenario.name();
        double p50 = study.errors[0].quantile(0.5) / 1e3;
        double p99 = study.errors[0].quantile(0.99) / 1e3;
        double max = study.errors[0].max() / 1e3;
        switch (name) {
            case "a1" -> {
                rows.add(Row.most("a1: map, p99", p99, 2, "us"));
                rows.add(Row.most("a1: map, max", max, 6, "us"));
                starts(study, rows);
            }
            case "a2" -> rows.add(Row.most("a2: moved when the jitter tripled", study.movedUs(), 10, "us"));
            case "a3" -> rows.add(Row.figure("a3: map, p99", p99, "us"));
            case "a4" -> rows.add(Row.most("a4: jump found, items", study.foundItems(), 3, ""));
            case "a5" -> rows.add(Row.most("a5: lost block found", 1e3 * study.foundS(), 110, "ms"));
            case "b1" -> {
                rows.add(Row.most("b1: map, p50", p50, 10, "us"));
                rows.add(Row.most("b1: map, p99", p99, 30, "us"));
                rows.add(Row.most("b1: drift, p99", study.drift.quantile(0.99), 1500, "ppb"));
            }
            case "b2" -> {
                rows.add(Row.most("b2: jump of time stamps found", study.foundS(), 0.3, "s"));
                rows.add(Row.most("b2: map, p99, from 20 s after it", p99, 60, "us"));
            }
            case "b3" -> {
                rows.add(Row.most("b3: new begin found", study.foundS(), 0.3, "s"));
                rows.add(Row.most("b3: map, p99, from 1.1 sweeps after it", p99, 60, "us"));
            }
            default -> {
                rows.add(Row.figure(name + ": map, p99", p99, "us"));
                rows.add(Row.figure(name + ": map, max", max, "us"));
            }
        }
        rows.add(Row.none("%s: false steps in %.1f hours".formatted(name, study.hours()), study.falseSteps(), ""));
        return rows;
    }

    private static void starts(Study study, List<Row> rows) {
        var coverage = study.coverage;
        rows.add(Row.most("a1: cold start, p99 after 5 s", coverage.at(5).errors().quantile(0.99) / 1e3, 5, "us"));
        rows.add(Row.most("a1: cold start, p99 after 10 s", coverage.at(10).errors().quantile(0.99) / 1e3, 2.5, "us"));
        rows.add(Row.most("a1: drift, p95 after 30 s", coverage.at(30).drifts().quantile(0.95), 150, "ppb"));
        rows.add(Row.most("a1: drift, p50 after 60 s", coverage.at(60).drifts().quantile(0.5), 60, "ppb"));
    }
}
