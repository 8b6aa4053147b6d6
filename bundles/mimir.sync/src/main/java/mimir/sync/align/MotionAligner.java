// SPDX-License-Identifier: Apache-2.0
package mimir.sync.align;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Locale;

/**
 * Camera against camera by what moves before both: tracks of motion energy, and where the movement is, if given.
 * Channels: how much moves, then, optionally, in what share of the picture, its column and its row. A view that is
 * mirrored or upside down is tried as well.
 * Confined; control threads: it allocates, and takes some 100 ms for a minute.
 */
public final class MotionAligner {
    private static final double LOWEST_HZ = 0.1;
    private static final double HIGHEST_HZ = 10;
    private static final double HIGHEST = 0.45;            // as part of the rate of frames
    private static final double STILL = 0.02;              // levels
    private static final double SPIKE = 2;                 // levels or pixels
    private static final double SEGMENT_NS = 15e9;
    private static final int LEAST_FRAMES = 20;
    private static final double MOST_RUNNER_UP = 0.8;
    private static final double SEGMENT_SIGMAS = 2;
    private static final int CHANNELS = 4;
    private static final double[][] VIEWS = {{1, 0, 0, 0}, {1, 1, 1, 1}, {1, 1, -1, 1}, {1, 1, 1, -1}, {1, 1, -1, -1}};

    private final Limits limits;
    private double highestHz;
    private double[][] valuesA;
    private double[][] valuesB;

    /** Looks within the limits. */
    public MotionAligner(Limits limits) {
        this.limits = limits;
    }

    /** How far the second is behind the first. */
    public Alignment align(Track a, Track b) {
        if (Math.min(a.size(), b.size()) < LEAST_FRAMES) {
            return Alignment.none("there are " + Math.min(a.size(), b.size()) + " frames only; " + LEAST_FRAMES
                    + " are needed");
        }
        double from = Math.max(a.startNs(), b.startNs());
        double to = Math.min(a.endNs(), b.endNs());
        if (to - from < 4 * limits.offsetNs()) {
            return Alignment.none(String.format(Locale.ROOT, "both cover %.1f s; to look for offsets of %.1f s four "
                    + "times as much is needed", Math.max(0, to - from) / 1e9, limits.offsetNs() / 1e9));
        }
        highestHz = Math.min(HIGHEST_HZ, HIGHEST * 1e9 / Math.max(a.periodNs(), b.periodNs()));
        valuesA = steady(a);
        valuesB = steady(b);
        if (still(valuesA) || still(valuesB)) {
            return Alignment.none("nothing moves before the " + (still(valuesA) ? "first" : "second") + " camera");
        }
        var best = search(a, b, from + limits.offsetNs(), to - limits.offsetNs());
        if (!limits.rule(best.logChance)) {
            return Alignment.none("the two movements have nothing in common that chance could not make");
        }
        if (best.runnerUp > MOST_RUNNER_UP) {
            return Alignment.none("the movement repeats itself: several offsets fit as well as the best");
        }
        return measure(a, b, Math.max(a.startNs(), b.startNs() - best.lag),
                Math.min(a.endNs(), b.endNs() - best.lag), best);
    }

    private static double[][] steady(Track track) {
        var values = new double[track.channels()][];
        for (int c = 0; c < values.length; c++) {
            values[c] = track.steady(c, SPIKE);
        }
        return values;
    }

    private static boolean still(double[][] values) {
        return TrackSpectra.deviation(values[0]) < STILL;
    }

    /** Every way to look at it, and every lag. */
    private Found search(Track a, Track b, double from, double to) {
        var best = new Found();
        int views = valuesA.length == CHANNELS && valuesB.length == CHANNELS ? VIEWS.length : 1;
        double trials = views * Chance.trials(2 * limits.offsetNs() / 1e9, highestHz);
        for (int v = 0; v < views; v++) {
            var spectrum = spectrum(a, b, VIEWS[v], from, to, 0, Taper.HANN);
            double step = 1e9 / highestHz / 16;
            int reach = (int) Math.ceil(limits.offsetNs() / step);
            int n = 2 * reach + 2;
            var likeness = new double[2 * n];
            for (int l = -reach; l <= reach; l++) {
                likeness[2 * Math.floorMod(l, n)] = spectrum.likeness(l * step);
            }
            var peak = new LagSearch().look(likeness, n, reach, 16);
            double chance = Chance.log(peak.peak, spectrum.chanceSigma(), trials);
            if (chance < best.logChance) {
                best = new Found(peak.lag * step, peak.runnerUp, chance, VIEWS[v]);
            }
        }
        return best;
    }

    private CrossSpectrum spectrum(Track a, Track b, double[] view, double from, double to, double laterNs,
            Taper taper) {
        var spectrum = new CrossSpectrum(taper.inflation * shared(view));
        for (int c = 0; c < valuesA.length && c < valuesB.length; c++) {
            if (view[c] != 0) {
                new TrackSpectra(a, valuesA[c], b, valuesB[c], LOWEST_HZ, highestHz)
                        .add(spectrum, from, to, laterNs, taper, view[c]);
            }
        }
        return spectrum;
    }

    /** By what channels are fewer than they look, because they say the same. */
    private double shared(double[] view) {
        double shared = 0;
        int channels = 0;
        for (int c = 0; c < valuesA.length && c < valuesB.length; c++) {
            for (int d = 0; d < valuesA.length && d < valuesB.length && view[c] != 0; d++) {
                shared += view[d] == 0 ? 0 : Math.abs(correlation(valuesA[c], valuesA[d])
                        * correlation(valuesB[c], valuesB[d]));
            }
            channels += view[c] != 0 ? 1 : 0;
        }
        return shared / channels;
    }

    private static double correlation(double[] x, double[] y) {
        double mx = Arrays.stream(x).average().orElse(0);
        double my = Arrays.stream(y).average().orElse(0);
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += (x[i] - mx) * (y[i] - my);
        }
        double power = TrackSpectra.deviation(x) * TrackSpectra.deviation(y) * x.length;
        return power > 0 ? sum / power : 1;
    }

    private Alignment measure(Track a, Track b, double from, double to, Found best) {
        int segments = Math.max(1, (int) ((to - from) / SEGMENT_NS));
        double length = (to - from) / segments;
        double wave = 1e9 / highestHz;
        var found = new ArrayList<double[]>();
        for (int s = 0; s < segments; s++) {
            double at = from + s * length;
            var spectrum = spectrum(a, b, best.view, at, at + length, best.lag, Taper.TUKEY);
            double lag = spectrum.power() > 0 ? spectrum.refine(0, wave) : Double.NaN;
            if (!Double.isNaN(lag) && spectrum.likeness(lag) > SEGMENT_SIGMAS * spectrum.chanceSigma()) {
                found.add(new double[] {at + length / 2, best.lag + lag, spectrum.sigma()});
            }
        }
        if (found.isEmpty()) {
            return Alignment.none("the two movements are alike on the whole, but not in any single part");
        }
        var line = new LineFit(SoundAligner.column(found, 0), SoundAligner.column(found, 1),
                SoundAligner.column(found, 2), wave / 100).fit();
        if (2 * line.pieces < segments) {
            return Alignment.none(String.format(Locale.ROOT, "only %d of %d parts of the movement agree on an offset",
                    line.pieces, segments));
        }
        var reason = String.format(Locale.ROOT, "the same movement, in %d of %d parts", line.pieces, segments);
        return new Alignment(Evidence.MOTION, line.at, line.offset, 2 * line.offsetSigma, 1e9 * line.slope,
                2e9 * line.slopeSigma, 1 - Math.exp(best.logChance), best.runnerUp, line.pieces, reason);
    }

    /** @param view sign of each channel; 0: not looked at */
    private record Found(double lag, double runnerUp, double logChance, double[] view) {
        Found() {
            this(0, 1, 0, VIEWS[0]);
        }
    }
}
