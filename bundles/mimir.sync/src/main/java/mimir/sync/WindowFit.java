// SPDX-License-Identifier: Apache-2.0
package mimir.sync;

/**
 * The line below minima over a window that sizes itself: of 30, 60 and 120 s the one at whose end the line is expected
 * to be wrong least, by noise or by what the rate changed meanwhile; both are measured. Confined; allocates nothing
 * after its construction.
 */
final class WindowFit {
    private static final double[] WINDOWS_NS = {30e9, 60e9, 120e9};
    private static final double FLOOR_DOUBT = 0.8;     // sigmas by which the depth of the floor may differ
    private static final double NOISE_DOUBT = 4;       // sigmas, over the root of the minima that the noise is from
    private static final double FEW_DOUBT = 10;        // sigmas, over those: few scatter little by chance
    private static final double SETTLED_NS = 5e9;
    private static final double USUAL_CURVATURE = 5e-18; // 5 ppb/s, 1/ns: a room that warms up
    private static final double LEAST_CURVATURE = 1e-18;
    private static final double CURVATURE_SHARE = 0.125;
    private static final double CAUTION = 3;          // sigmas of curvature that the window is chosen for

    private final LowerLine[] fits = {new LowerLine(), new LowerLine(), new LowerLine()};
    private final Depths depths;
    private LowerLine best = fits[0];
    private double noise;
    private double variance;
    private double lag;
    private double curvature2 = USUAL_CURVATURE * USUAL_CURVATURE;
    private double markU;
    private double markSlope;
    private double markVariance;
    private boolean marked;
    private boolean solved;
    private double begunU;

    /** Of delays, which are on one side of the truth, or of errors on both. */
    WindowFit(boolean oneWay) {
        depths = new Depths(oneWay);
    }

    /** Forgets the line, not what it learned of curvature; the noise goes with the next that is measured. */
    void restart() {
        solved = false;
        marked = false;
        depths.noiseIsOld();
    }

    /** Forgets everything. */
    void reset() {
        restart();
        depths.reset();
        curvature2 = USUAL_CURVATURE * USUAL_CURVATURE;
    }

    /** From here on buckets are longer, and their minima scatter less. */
    void longer() {
        depths.noiseIsOld();
    }

    /** Fits the newest minima, as seen from {@code u}. */
    void solve(Minima minima, double u, double prior, double priorVariance) {
        double spread = minima.spread[minima.size() - 1];
        double least = Double.POSITIVE_INFINITY;
        begunU = solved ? begunU : u;
        int newest = minima.since(u - WINDOWS_NS[0]);
        boolean settled = u > begunU + SETTLED_NS;
        if (!settled) {
            minima.respread(spread); // what a line leaves that is still being found is no spread
        }
        depths.add(fits[0].noise(minima, newest), spread, settled);
        for (int w = 0; w < fits.length; w++) {
            int from = minima.since(u - WINDOWS_NS[w]);
            if (from == minima.size()) {
                continue;
            }
            var fit = fits[w];
            fit.fit(minima, from, depths, prior, priorVariance);
            boolean tells = w == 0 && minima.u[newest] > begunU + SETTLED_NS;
            if (tells && depths.learn(fit.depthInformation, fit.depthProduct)) {
                fit.fit(minima, from, depths, prior, priorVariance);
            }
            double span = u - minima.u[from];
            double ofRate = CAUTION * curvature() * span * span / 12;
            double doubt = depths.doubt(fit.spread(u));
            double total = fit.variance(u) + doubt * doubt + ofRate * ofRate;
            if (total < least) {
                least = total;
                best = fit;
                variance = fit.variance(u) + doubt * doubt;
                lag = ofRate / CAUTION;
            }
            if (from == 0) {
                break;
            }
        }
        noise = depths.noise(spread);
        solved = solved || minima.size() > 0;
        learnCurvature(u);
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
        return solved ? best.at(u) : 0;
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
        double depth = FLOOR_DOUBT + NOISE_DOUBT / Math.sqrt(best.inWindow) + FEW_DOUBT / best.inWindow;
        return 2 * Math.sqrt(variance) + lag + depth * noise;
    }
}
