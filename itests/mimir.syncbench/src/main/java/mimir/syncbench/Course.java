// SPDX-License-Identifier: Apache-2.0
package mimir.syncbench;

import java.util.List;

/**
 * One device, watched by Mimir's estimator and by its peers, which all get the same observations. Confined.
 */
final class Course {
    /** Ours first. */
    static final List<String> MAPPERS = List.of("mimir", "dll", "least squares", "recursive regression");
    private static final int AUDIO_STRIDE = 30; // audio items between two samples of the error
    private static final double SETTLED_S = 60; // after a change of the jitter

    private final Scenario scenario;
    private final Device device;
    private final Ours ours;
    private final Mapper[] mappers;

    /** Errors, constant delay included, once settled, ns; by mapper. */
    final Values[] errors = new Values[MAPPERS.size()];
    /** Errors of the rate once settled, ppb, magnitudes; ours. */
    final Values drift = new Values();
    /** Errors while the jitter is as usual, and while it is not. */
    final Values calm = new Values();
    final Values busy = new Values();
    /** How long a step took to find, s and items; NaN: it was not. */
    double foundS = Double.NaN;
    int foundItems;
    /** Steps that were none. */
    int falseSteps;
    double seconds;

    Course(Scenario scenario, long seed) {
        this.scenario = scenario;
        device = new Device(scenario, seed);
        double nominal = 1e9 / scenario.tickHz();
        ours = new Ours(nominal);
        mappers = new Mapper[] {ours, new Dll(nominal), new LeastSquares(nominal), new Regression(nominal)};
        for (int i = 0; i < errors.length; i++) {
            errors[i] = new Values();
        }
    }

    /**
     * Runs the device to its end.
     *
     * @param fromS from when on errors count
     * @param blindS for how long they do not count after a step; not before it is found in any case
     */
    Course run(double fromS, double blindS) {
        double stepS = scenario.steps().isEmpty() ? Double.POSITIVE_INFINITY : scenario.steps().getFirst().atS();
        int stride = scenario.audio() ? AUDIO_STRIDE : 1;
        int since = 0;
        for (long n = 0; device.next(); n++) {
            int segment = ours.segment();
            for (var mapper : mappers) {
                mapper.observe(device.deviceTime(), device.hostNs());
            }
            seconds = device.seconds();
            boolean stepped = seconds >= stepS;
            since += stepped ? 1 : 0;
            if (ours.segment() != segment) {
                if (stepped && Double.isNaN(foundS)) {
                    foundS = seconds - stepS;
                    foundItems = since;
                } else {
                    falseSteps++;
                }
            }
            if (n % stride == 0 && seconds >= fromS) {
                boolean blind = stepped && (Double.isNaN(foundS) && seconds < stepS + 2 || seconds < stepS + blindS);
                sample(blind);
            }
        }
        return this;
    }

    private void sample(boolean blind) {
        if (blind) {
            return;
        }
        for (int i = 0; i < mappers.length; i++) {
            errors[i].add(device.error(mappers[i].canonicalNs(device.deviceTime())));
        }
        drift.add(Math.abs(ours.rate() - device.rate()) * 1e9);
        double error = errors[0].at(errors[0].size() - 1);
        var load = scenario.busy();
        if (!load.isEmpty() && seconds < load.getFirst().atS()) {
            calm.add(error);
        } else if (!load.isEmpty() && seconds >= load.getFirst().atS() + SETTLED_S
                && seconds < load.getFirst().atS() + load.getFirst().forS()) {
            busy.add(error);
        }
    }
}
