// SPDX-License-Identifier: Apache-2.0
package mimir.sync;

/**
 * The line below minima over a window that sizes itself: of 30, 60 and 120 s the one at whose end the line is expected
 * to be wrong least, by noise or by what the rate changed meanwhile; both are measured. Confined; allocates nothing
 * after its construction.
 */
final class WindowFit {
    private static final double[] WINDOWS_NS = {30e9, 60e9, 120e9};
    private static final double FLOOR_DEPTH = 2.5;     // sigmas from the line down to where delays begin
    private static final double FLOOR_DOUBT = 0.5;     // sigmas by which that may differ
    private static final double NOISE_OF_NOISE = 0.8; // one sigma of the noise of one minimum, over the noise
    private static final double NOISE_FORGETTING = 1.0 / 60;
    private static final double NOISE_MEMORY = 0.9;     // from bucket to bucket
    private static final double USUAL_CURVATURE = 5e-18; // 5 ppb/s, 1/ns: a room that warms up
    private static final double LEAST_CURVATURE = 1e-18;
    private static final double CURVATURE_SHARE = 0.125;
    private static final double CAUTION = 3;          // sigmas of curvature that the window is chosen for

    private final LowerLine[] fits = {new LowerLine(), new LowerLine(), new LowerLine()};
    private LowerLine best = fits[0];
    private double variance;
    private double lag;
    private double noise;
    private double noiseWeight;
    private double noiseHigh;                         // of late
    private double noiseLow;
    private double curvature2 = USUAL_CURVATURE * USUAL_CURVATURE;
    private double markU;
    private double markSlope;
    private double markVariance;
    private boolean marked;
    private boolean solved;

    /** Forgets the line, not what it learned of curvature; what it learned of noise is soon outvoted. */
    void restart() {
        solved = false;
        marked = false;
        noiseWeight = Math.min(noiseWeight, 1);
    }

    /** Forgets everything. */
    void reset() {
        restart();
        noise = 0;
        noiseWeight = 0;
        curvature2 = USUAL_CURVATURE * USUAL_CURVATURE;
    }

    /** From here on buckets are longer, and their minima scatter less. */
    void longer() {
        noiseWeight = 0;
    }

    /** Fits the newest minima, as seen from {@code u}. */
    void solve(Minima minima, double u, double prior, double priorVariance, double usualNoise) {
        double least = Double.POSITIVE_INFINITY;
        for (int w = 0; w < fits.length; w++) {
            int from = minima.since(u - WINDOWS_NS[w]);
            if (from == minima.size()) {
                continue;
            }
            if (w == 0) {
                learnNoise(fits[0].noise(minima, from));
            }
            var fit = fits[w];
            fit.fit(minima, from, noiseWeight > 0 ? noise : usualNoise, prior, priorVariance);
            double span = u - minima.u[from];
            double ofRate = CAUTION * curvature() * span * span / 12;
            double total = fit.variance(u) + ofRate * ofRate;
            if (total < least) {
                least = total;
                best = fit;
                variance = fit.variance(u);
                lag = ofRate / CAUTION;
            }
            if (from == 0) {
                break;
            }
        }
        if (noiseWeight == 0) {
            noise = usualNoise;
        }
        solved = solved || minima.size() > 0;
        learnCurvature(u);
    }

    private void learnNoise(double measured) {
        if (measured > 0) {
            double sum = noise * noiseWeight * NOISE_MEMORY + measured;
            noiseWeight = noiseWeight * NOISE_MEMORY + 1;
            noise = sum / noiseWeight;
            noiseHigh = noiseWeight == 1 ? noise : Math.max(noise, noiseHigh + (noise - noiseHigh) * NOISE_FORGETTING);
            noiseLow = noiseWeight == 1 ? noise : Math.min(noise, noiseLow + (noise - noiseLow) * NOISE_FORGETTING);
        }
    }

    /** The slope of the shortest window, whenever it holds nothing of what it held before. */
    private void learnCurvature(double u) {
        var fit = fits[0];
        if (marked && u - markU < WINDOWS_NS[0]) {
            return;
        }
        if (marked) {
            double change = (fit.slope - markSlope) / (u - markU);
            double ofNoise = (fit.slopeVariance + markVariance) / ((u - markU) * (u - markU));
            curvature2 += CURVATURE_SHARE * (change * change - ofNoise - curvature2);
        }
        marked = true;
        markU = u;
        markSlope = fit.slope;
        markVariance = fit.slopeVariance;
    }

    /** How fast the rate changes, one sigma, 1/ns. */
    double curvature() {
        return Math.max(LEAST_CURVATURE, Math.sqrt(Math.max(0, curvature2)));
    }

    /** Where the delays begin, ns. */
    double at(double u) {
        return solved ? best.at(u) - FLOOR_DEPTH * noise : 0;
    }

    double slope() {
        return solved ? best.slope : 0;
    }

    double slopeVariance() {
        return best.slopeVariance;
    }

    /** One sigma of a minimum, ns. */
    double noise() {
        return noise;
    }

    /** Half the interval that holds the line at this time 95 times of 100, ns. */
    double half(double u) {
        double depth = FLOOR_DOUBT + 2 * FLOOR_DEPTH * NOISE_OF_NOISE / Math.sqrt(best.inWindow);
        return 2 * Math.sqrt(variance) + lag + depth * noise + FLOOR_DEPTH * (noiseHigh - noiseLow);
    }
}
