// SPDX-License-Identifier: Apache-2.0
package mimir.sync.align;

import java.util.Locale;

/**
 * Camera against a lamp that is switched at random. What part of an exposure the lamp was on tells where within the
 * frame it was switched: brightness is predicted for every offset, and offset, drift, contrast and darkness are those
 * that miss it least. Confined; control threads: it takes some 100 ms for a minute.
 */
public final class LightCodeAligner {
    private static final int LEAST_SWITCHINGS = 20;
    private static final double MOST_RUNNER_UP = 0.8;
    private static final double MOST_IN_STEP = 0.5;
    private static final int STEPS = 40;
    private static final int HALVINGS = 12;
    private static final int FINER = 24;         // offsets tried to either side of the coarse one
    private static final double SETTLED = 0.02;  // sigma
    private static final double THINNEST = 1e-2; // readout as part of the exposure, so that one formula does

    private final Limits limits;
    private final double outer;
    private final double inner;
    private final double area;

    /**
     * Looks within the limits.
     *
     * @param exposureNs how long a row is exposed, ns
     * @param readoutNs from the begin of the first row's exposure to that of the last one's, ns; 0: all at once
     */
    public LightCodeAligner(Limits limits, double exposureNs, double readoutNs) {
        this.limits = limits;
        double readout = Math.max(readoutNs, THINNEST * exposureNs);
        outer = (exposureNs + readout) / 2;
        inner = (exposureNs - readout) / 2;
        area = exposureNs * readout;
    }

    /**
     * How far the camera is behind the lamp.
     *
     * @param light brightness of frames, at the middle of the exposure of their middle row
     */
    public Alignment align(Switching lamp, Track light) {
        if (lamp.size() < LEAST_SWITCHINGS || light.size() < LEAST_SWITCHINGS) {
            return Alignment.none(String.format(Locale.ROOT, "the lamp was switched %d times in %d frames; %d of "
                    + "either are needed", lamp.size(), light.size(), LEAST_SWITCHINGS));
        }
        int from = first(light, lamp.first() + limits.offsetNs());
        int to = first(light, lamp.last() - limits.offsetNs());
        int known = lamp.between(lamp.first() + limits.offsetNs(), lamp.last() - limits.offsetNs());
        if (to - from < LEAST_SWITCHINGS || known < LEAST_SWITCHINGS) {
            return Alignment.none("the lamp and the camera have too little time in common");
        }
        double step = outer / 2;
        int reach = (int) Math.ceil(limits.offsetNs() / step);
        int n = 2 * reach + 2;
        var likeness = new double[2 * n];
        for (int l = -reach; l <= reach; l++) {
            likeness[2 * Math.floorMod(l, n)] = likeness(lamp, light, from, to, l * step);
        }
        var peak = new LagSearch().look(likeness, n, reach, 8);
        double trials = Chance.trials(2 * limits.offsetNs() / 1e9, 1e9 / (2 * outer));
        double log = peak.peak <= 0 ? 0 : Math.min(0, Math.log(trials)
                + (Math.min(known, to - from) / 2.0 - 1) * Math.log(Math.max(1e-12, 1 - peak.peak * peak.peak)));
        if (!limits.rule(log)) {
            return Alignment.none("the brightness does not follow the lamp");
        }
        if (peak.runnerUp > MOST_RUNNER_UP) {
            return Alignment.none("the lamp repeats itself: several offsets fit as well as the best");
        }
        if (inStep(lamp, light.periodNs()) > MOST_IN_STEP) {
            return Alignment.none("the lamp is switched in step with the frames, which always cut it at one place");
        }
        return measure(lamp, light, from, to, new double[] {peak.lag * step, log, peak.runnerUp, known});
    }

    /** How concentrated the switchings are within the period of the frames: 0 all over, 1 at one place. */
    private static double inStep(Switching lamp, double period) {
        double x = 0;
        double y = 0;
        for (int i = 0; i < lamp.size(); i++) {
            x += Math.cos(2 * Math.PI * lamp.at(i) / period);
            y += Math.sin(2 * Math.PI * lamp.at(i) / period);
        }
        return Math.hypot(x, y) / lamp.size();
    }

    private static int first(Track light, double ns) {
        int i = 0;
        while (i < light.size() && light.timeNs(i) < ns) {
            i++;
        }
        return i;
    }

    /** Part of the exposure around an instant that the lamp was on. */
    private double share(Switching lamp, double ns) {
        return (lamp.twice(ns + outer) - lamp.twice(ns + inner) - lamp.twice(ns - inner) + lamp.twice(ns - outer))
                / area;
    }

    /** How that changes with the instant, per ns. */
    private double change(Switching lamp, double ns) {
        return (lamp.once(ns + outer) - lamp.once(ns + inner) - lamp.once(ns - inner) + lamp.once(ns - outer)) / area;
    }

    private double likeness(Switching lamp, Track light, int from, int to, double offset) {
        double x = 0;
        double y = 0;
        double xx = 0;
        double yy = 0;
        double xy = 0;
        for (int i = from; i < to; i++) {
            double share = share(lamp, light.timeNs(i) - offset);
            double bright = light.value(0, i) - light.value(0, from);
            x += share;
            y += bright;
            xx += share * share;
            yy += bright * bright;
            xy += share * bright;
        }
        int n = to - from;
        double power = (xx - x * x / n) * (yy - y * y / n);
        return power > 0 ? (xy - x * y / n) / Math.sqrt(power) : 0;
    }

    /** Gauss and Newton's steps; the errors by what is left over, which is largest where the lamp is switched. */
    private Alignment measure(Switching lamp, Track light, int from, int to, double[] coarse) {
        double middle = (light.timeNs(from) + light.timeNs(to - 1)) / 2;
        double scale = (light.timeNs(to - 1) - light.timeNs(from)) / 2;
        var time = new double[] {middle, scale};
        var unknown = new double[] {0, 0, nearer(lamp, light, from, to, coarse[0]), 0}; // darkness, contrast, …
        var begin = new Normal(2);
        fill(begin, lamp, light, from, to, time, unknown);
        System.arraycopy(begin.solve(), 0, unknown, 0, 2);
        var normal = new Normal(4);
        if (!descend(normal, lamp, light, from, to, time, unknown)) {
            return Alignment.none("the brightness follows the lamp, but no offset fits it well");
        }
        var reason = String.format(Locale.ROOT, "brightness follows a lamp that was switched %.0f times", coarse[3]);
        return new Alignment(Evidence.LIGHT_CODE, middle - unknown[2], unknown[2], 2 * normal.sigma(2),
                1e9 * unknown[3] / scale, 2e9 * normal.sigma(3) / scale, 1 - Math.exp(coarse[1]), coarse[2],
                (int) coarse[3], reason);
    }

    /** The best of a finer row of offsets. */
    private double nearer(Switching lamp, Track light, int from, int to, double offset) {
        double best = offset;
        double most = Double.NEGATIVE_INFINITY;
        for (int k = -FINER; k <= FINER; k++) {
            double here = offset + k * outer / FINER;
            double likeness = likeness(lamp, light, from, to, here);
            if (likeness > most) {
                most = likeness;
                best = here;
            }
        }
        return best;
    }

    /** Steps, each halved until it leaves less over; whether that came to an end. */
    private boolean descend(Normal normal, Switching lamp, Track light, int from, int to, double[] time,
            double[] unknown) {
        fill(normal, lamp, light, from, to, time, unknown);
        for (int step = 0; step < STEPS; step++) {
            double[] by = normal.solve();
            if (by == null || !Double.isFinite(by[2])) {
                return false;
            }
            double before = normal.rest();
            double sigma = normal.sigma(2);
            double part = 1;
            var here = unknown.clone();
            for (int halving = 0; halving < HALVINGS; halving++, part /= 2) {
                for (int k = 0; k < by.length; k++) {
                    unknown[k] = here[k] + part * by[k];
                }
                fill(normal, lamp, light, from, to, time, unknown);
                if (normal.rest() <= before) {
                    break;
                }
            }
            if (Math.abs(part * by[2]) < SETTLED * sigma) {
                return true;
            }
        }
        return false;
    }

    private void fill(Normal normal, Switching lamp, Track light, int from, int to, double[] time, double[] unknown) {
        normal.clear();
        var row = new double[normal.unknowns()];
        for (int i = from; i < to; i++) {
            double x = (light.timeNs(i) - time[0]) / time[1];
            double at = light.timeNs(i) - unknown[2] - unknown[3] * x;
            double share = share(lamp, at);
            row[0] = 1;
            row[1] = share;
            if (row.length > 2) {
                row[2] = -unknown[1] * change(lamp, at);
                row[3] = row[2] * x;
            }
            normal.add(row, light.value(0, i) - unknown[0] - unknown[1] * share);
        }
    }
}
