// SPDX-License-Identifier: Apache-2.0
package mimir.syncbench;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Whether what is stated is true: many cold starts of one scenario, the error held against the stated interval at
 * certain instants. What happens to the device happens sooner than in the scenario. Confined.
 */
final class Coverage {
    private static final double SCALE = 0.25;
    private static final double MOST_S = 300;
    private static final double USUAL_SPREAD_PPM = 100; // of crystals, where a scenario says nothing of it
    private static final int FIRST_SEED = 1000; // not those of the long runs
    private static final double FOUND_WITHIN_S = 2;
    private static final double[] AT_S = {5, 10, 30, 60, 120, 180, 290};
    private static final double[] AFTER_STEP_S = {1, 5, 20, 40};

    /** What all starts said at one instant. */
    record Instant(double s, Values errors, Values intervals, Values drifts, int covered) {
        /** How wide the usual interval is, beside the error that one of twenty exceeds. */
        double inflation() {
            return intervals.quantile(0.5) / errors.quantile(0.95);
        }
    }

    private record Start(double[] errors, double[] intervals, double[] drifts, int falseSteps) {
    }

    private final List<Instant> instants = new ArrayList<>();
    private final int falseSteps;

    Coverage(Scenario whole, int starts, double constantNs) {
        double seconds = Math.min(MOST_S, whole.seconds());
        boolean told = whole.driftSpreadPpm() > 0 || whole.driftPpm() == 0 && whole.wanderPpm() == 0;
        var scenario = whole.scaled(Math.min(SCALE, seconds / whole.seconds()), seconds, told ? whole.driftPpm() : 0,
                told ? whole.driftSpreadPpm() : USUAL_SPREAD_PPM);
        var at = instants(scenario);
        var all = IntStream.rangeClosed(1, starts).parallel()
                .mapToObj(seed -> start(scenario, FIRST_SEED + seed, at)).toList();
        falseSteps = all.stream().mapToInt(Start::falseSteps).sum();
        for (int i = 0; i < at.length; i++) {
            var errors = new Values();
            var intervals = new Values();
            var drifts = new Values();
            int covered = 0;
            for (var start : all) {
                double error = Math.abs(start.errors[i] - constantNs);
                errors.add(error);
                intervals.add(start.intervals[i]);
                drifts.add(start.drifts[i]);
                covered += error <= start.intervals[i] ? 1 : 0;
            }
            instants.add(new Instant(at[i], errors, intervals, drifts, covered));
        }
    }

    /** Steps that were none, in all starts. */
    int falseSteps() {
        return falseSteps;
    }

    List<Instant> instants() {
        return instants;
    }

    Instant at(double s) {
        return instants.stream().filter(each -> each.s == s).findFirst().orElseThrow();
    }

    private static double[] instants(Scenario scenario) {
        var all = new TreeSet<Double>();
        for (double s : AT_S) {
            all.add(s);
        }
        scenario.steps().forEach(step -> {
            for (double s : AFTER_STEP_S) {
                all.add(step.atS() + s);
            }
        });
        scenario.busy().forEach(load -> all.add(load.atS() + load.forS() - 1));
        return all.stream().filter(s -> s < scenario.seconds() - 1).mapToDouble(s -> s).toArray();
    }

    private static Start start(Scenario scenario, long seed, double[] at) {
        var device = new Device(scenario, seed);
        var ours = new Ours(1e9 / scenario.tickHz());
        var errors = new double[at.length];
        var intervals = new double[at.length];
        var drifts = new double[at.length];
        double stepS = scenario.steps().isEmpty() ? Double.POSITIVE_INFINITY : scenario.steps().getFirst().atS();
        int falseSteps = 0;
        for (int next = 0; next < at.length && device.next();) {
            int segment = ours.segment();
            ours.observe(device.deviceTime(), device.hostNs());
            boolean due = device.seconds() >= stepS && device.seconds() < stepS + FOUND_WITHIN_S;
            falseSteps += ours.segment() != segment && !due ? 1 : 0;
            if (device.seconds() >= at[next]) {
                errors[next] = device.error(ours.canonicalNs(device.deviceTime()));
                intervals[next] = ours.intervalNs();
                drifts[next] = Math.abs(ours.rate() - device.rate()) * 1e9;
                next++;
            }
        }
        return new Start(errors, intervals, drifts, falseSteps);
    }
}
