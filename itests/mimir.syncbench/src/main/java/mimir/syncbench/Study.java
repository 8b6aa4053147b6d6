// SPDX-License-Identifier: Apache-2.0
package mimir.syncbench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * All that is measured of one scenario: whole runs with peers beside, and many cold starts. Errors are map minus truth
 * minus constant delay, and the constant delay is what other devices of the kind show on a quiet day: one number for
 * all runs, so that whatever differs from run to run is an error. Confined to the thread that made it.
 */
final class Study {
    private static final double QUIET_S = 300;
    private static final int QUIET_RUNS = 4;
    private static final int FIRST_QUIET_SEED = 100_000;

    final Scenario scenario;
    final Values[] errors = new Values[Course.MAPPERS.size()];
    final Values drift = new Values();
    final List<Course> courses;
    final Coverage coverage;
    private final double[] constants = new double[Course.MAPPERS.size()];

    /**
     * @param runs whole runs, with seeds from 1
     * @param starts cold starts
     * @param fromS from when on errors of whole runs count
     * @param blindS for how long after a step they do not
     */
    Study(Scenario scenario, int runs, int starts, double fromS, double blindS) {
        this.scenario = scenario;
        var quiet = scenario.quiet(QUIET_S);
        var calibration = IntStream.range(0, QUIET_RUNS).parallel()
                .mapToObj(i -> new Course(quiet, FIRST_QUIET_SEED + i).run(QUIET_S / 2, 0)).toList();
        for (int i = 0; i < constants.length; i++) {
            var all = new Values();
            for (var course : calibration) {
                all.addAll(course.errors[i]);
            }
            constants[i] = all.quantile(0.5);
        }
        courses = IntStream.rangeClosed(1, runs).parallel()
                .mapToObj(seed -> new Course(scenario, seed).run(fromS, blindS)).toList();
        for (int i = 0; i < constants.length; i++) {
            errors[i] = new Values();
            for (var course : courses) {
                errors[i].addAll(course.errors[i].magnitudes(constants[i]));
            }
        }
        courses.forEach(course -> drift.addAll(course.drift));
        coverage = new Coverage(scenario, starts, constants[0]);
    }

    double constantUs() {
        return constants[0] / 1e3;
    }

    int falseSteps() {
        return courses.stream().mapToInt(course -> course.falseSteps).sum();
    }

    double hours() {
        return courses.stream().mapToDouble(course -> course.seconds).sum() / 3600;
    }

    /** The longest that a step took; NaN when one was not found. */
    double foundS() {
        return courses.stream().mapToDouble(course -> course.foundS).reduce(0, (a, b) -> a >= b ? a : b);
    }

    double foundItems() {
        return courses.stream().mapToInt(course -> course.foundItems).max().orElse(0);
    }

    /** How far the map moves when the machine gets busy, us. */
    double movedUs() {
        return courses.stream().mapToDouble(course -> Math.abs(course.busy.mean() - course.calm.mean())).max()
                .orElse(Double.NaN) / 1e3;
    }

    /** The rows that every scenario has. */
    List<Row> rows() {
        var rows = new ArrayList<Row>();
        var name = scenario.name();
        double[] p99 = new double[errors.length];
        for (int i = 0; i < errors.length; i++) {
            p99[i] = errors[i].quantile(0.99) / 1e3;
        }
        rows.add(Row.figure(name + ": map, p50", errors[0].quantile(0.5) / 1e3, "us"));
        rows.add(Row.figure(name + ": map, p95", errors[0].quantile(0.95) / 1e3, "us"));
        rows.add(Row.figure(name + ": constant delay that was subtracted", constantUs(), "us"));
        for (int i = 1; i < p99.length; i++) {
            rows.add(Row.beside(name + ": map, p99, beside " + Course.MAPPERS.get(i), p99[0], p99[i], "us"));
        }
        rows.add(Row.figure(name + ": drift, p50", drift.quantile(0.5), "ppb"));
        rows.add(Row.figure(name + ": drift, p99", drift.quantile(0.99), "ppb"));
        rows.add(Row.none(name + ": false steps in cold starts", coverage.falseSteps(), ""));
        for (var at : coverage.instants()) {
            int starts = at.errors().size();
            var when = "%s: %d starts, after %d s".formatted(name, starts, Math.round(at.s()));
            rows.add(Row.atLeast(when + ", in the stated interval", at.covered(), Math.floor(starts * 0.92), ""));
            rows.add(Row.most(when + ", median interval / p95 error", at.inflation(), 3, "x"));
            rows.add(Row.figure(when + ", p95 error", at.errors().quantile(0.95) / 1e3, "us"));
        }
        return rows;
    }
}
