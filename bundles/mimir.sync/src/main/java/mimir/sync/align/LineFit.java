// SPDX-License-Identifier: Apache-2.0
package mimir.sync.align;

import java.util.Arrays;

/** A line through offsets with known errors, without those that are far off. Confined. */
final class LineFit {
    private static final double FAR = 5;
    private static final int ROUNDS = 5;

    private final double[] t;
    private final double[] y;
    private final double[] sigma;
    private final boolean[] kept;
    private final double leastFar;

    double at;
    double offset;
    double offsetSigma;
    double slope = Double.NaN;
    double slopeSigma = Double.NaN;
    int pieces;

    /** @param leastFar what is no farther off than this stays */
    LineFit(double[] t, double[] y, double[] sigma, double leastFar) {
        this.t = t;
        this.y = y;
        this.sigma = sigma;
        this.leastFar = leastFar;
        kept = new boolean[t.length];
    }

    /** Fits; without a slope where there are fewer than three. */
    LineFit fit() {
        Arrays.fill(kept, true);
        begin();
        for (int round = 0; round < ROUNDS; round++) {
            solve();
            if (!drop()) {
                break;
            }
        }
        double excess = excess();
        offsetSigma *= excess;
        slopeSigma *= excess;
        return this;
    }

    /** The median's neighbourhood first, so that a single wild one does not take the line with it. */
    private void begin() {
        if (t.length < 4) {
            return;
        }
        var sorted = y.clone();
        Arrays.sort(sorted);
        double middle = sorted[sorted.length / 2];
        var distances = new double[y.length];
        for (int i = 0; i < y.length; i++) {
            distances[i] = Math.abs(y[i] - middle);
        }
        Arrays.sort(distances);
        double reach = 4 * distances[distances.length / 2] + leastFar;
        for (int i = 0; i < y.length; i++) {
            kept[i] = Math.abs(y[i] - middle) <= reach;
        }
    }

    private void solve() {
        double w = 0;
        double wt = 0;
        double wy = 0;
        pieces = 0;
        for (int i = 0; i < t.length; i++) {
            if (kept[i]) {
                double weight = 1 / (sigma[i] * sigma[i]);
                w += weight;
                wt += weight * t[i];
                wy += weight * y[i];
                pieces++;
            }
        }
        at = wt / w;
        offset = wy / w;
        offsetSigma = Math.sqrt(1 / w);
        slope(w);
    }

    private void slope(double w) {
        double tt = 0;
        double ty = 0;
        for (int i = 0; i < t.length; i++) {
            if (kept[i]) {
                double weight = 1 / (sigma[i] * sigma[i]);
                tt += weight * (t[i] - at) * (t[i] - at);
                ty += weight * (t[i] - at) * (y[i] - offset);
            }
        }
        boolean known = pieces >= 3 && tt > 0 && w > 0;
        slope = known ? ty / tt : Double.NaN;
        slopeSigma = known ? Math.sqrt(1 / tt) : Double.NaN;
    }

    private double residual(int i) {
        return y[i] - offset - (Double.isNaN(slope) ? 0 : slope * (t[i] - at));
    }

    private boolean drop() {
        boolean changed = false;
        double excess = excess();
        for (int i = 0; i < t.length; i++) {
            boolean near = Math.abs(residual(i)) <= Math.max(leastFar, FAR * excess * sigma[i]);
            changed |= near != kept[i];
            kept[i] = near;
        }
        return changed;
    }

    /** By what the residuals are larger than their errors say; 1 at least. */
    private double excess() {
        double sum = 0;
        for (int i = 0; i < t.length; i++) {
            if (kept[i]) {
                sum += Math.pow(residual(i) / sigma[i], 2);
            }
        }
        int free = pieces - (Double.isNaN(slope) ? 1 : 2);
        return free > 0 ? Math.sqrt(Math.max(1, sum / free)) : 1;
    }
}
