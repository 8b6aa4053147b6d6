// SPDX-License-Identifier: Apache-2.0
package mimir.sync;

/**
 * The line below minima over a window that sizes itself: of 30, 60 and 120 s the one at whose end the line is expected
 * to be wrong least, by noise, by what the rate changed meanwhile, or by what that over 30 s says against it; all are
 * measured. Where the rate changes so fast that 10 s show it, those and 20 s compete as well. Confined; allocates
 * nothing after its construction.
 */
final class WindowFit {
    private static final double[] WINDOWS_NS = {10e9, 20e9, 30e9, 60e9, 120e9};
    private static final int USUAL = 2;               // index of the shortest for a rate that changes as rooms do
    private static final int LEAST_IN_WINDOW = 8;     // minima
    private static final double FLOOR_DOUBT = 0.8;     // sigmas by which the depth of the floor may differ
    private static final double NOISE_DOUBT = 4;       // sigmas, over the root of the minima that the noise is from
    private static final double FEW_DOUBT = 10;        // sigmas, over those: few scatter little by chance
    private static final double SWELL_DOUBT = 3;       // times how far delays swell
    private static final double AGREED = 1.5;          // sigmas of a line over a shorter window that one may be off it
    private static final double SETTLED_NS = 5e9;
    private static final double USUAL_CURVATURE = 5e-18; // 5 ppb/s, 1/ns: a room that warms up
    private static final double LEAST_CURVATURE = 1e-18;
    private static final double CURVATURE_SHARE = 0.125;
    private static final double SWIFT_SHARE = 0.5;
    private static final double CAUTION = 3;          // sigmas of curvature that the window is chosen for

    private final LowerLine[] fits = {new LowerLine(), new LowerLine(), new LowerLine(), new LowerLine(),
        new LowerLine()};
    private final RateChange slow = new RateChange(WINDOWS_NS[USUAL], CURVATURE_SHARE);
    private final RateChange swift = new RateChange(WINDOWS_NS[0], SWIFT_SHARE);
    private final Depths depths;
    private final Swell swell = new Swell();
    private LowerLine best = fits[USUAL];
    private double noise;
    private double variance;
    private double lag;
    private double apart;
    private double least;
    private boolean solved;
    private double begunU;

    /** Of delays, which are on one side of the truth, or of errors on both. */
    WindowFit(boolean oneWay) {
        depths = new Depths(oneWay);
        reset();
    }

    /** Forgets the line, not what it learned of curvature; the noise goes with the next that is measured. */
    void restart() {
        solved = false;
        slow.restart();
        swift.restart();
        swell.restart();
        depths.noiseIsOld();
    }

    /** Forgets everything. */
    void reset() {
        restart();
        depths.reset();
        swell.reset();
        slow.reset(USUAL_CURVATURE * USUAL_CURVATURE);
        swift.reset(0);
    }

    /** From here on buckets are longer, and their minima scatter less. */
    void longer() {
        depths.noiseIsOld();
    }

    /** Fits the newest minima, as seen from {@code u}. */
    void solve(Minima minima, double u, double prior, double priorVariance) {
        double spread = minima.spread[minima.size() - 1];
        least = Double.POSITIVE_INFINITY;
        begunU = solved ? begunU : u;
        int newest = minima.since(u - WINDOWS_NS[USUAL]);
        boolean settled = u > begunU + SETTLED_NS;
        if (!settled) {
            minima.respread(spread); // what a line leaves that is still being found is no spread
        }
        depths.add(fits[USUAL].noise(minima, newest), spread, settled);
        for (int w = USUAL; w < fits.length; w++) {
            int from = minima.since(u - WINDOWS_NS[w]);
            if (from == minima.size()) {
                continue;
            }
            var fit = fits[w];
            fit.fit(minima, from, depths, prior, priorVariance);
            // a rate that changes fast would pass for a load that does
            boolean tells = w == USUAL && !isSwift() && minima.u[newest] > begunU + SETTLED_NS;
            if (tells && depths.learn(fit.depthInformation, fit.depthProduct)) {
                fit.fit(minima, from, depths, prior, priorVariance);
            }
            compete(fit, u, u - minima.u[from]);
            if (from == 0) {
                break;
            }
        }
        follow(minima, u, prior, priorVariance);
        noise = depths.noise(spread);
        solved = solved || minima.size() > 0;
        slow.look(u, fits[USUAL]);
        apart = apart(u);
        swell.look(minima, u, best.slope, curvature(), depths);
    }

    /** The line that is expected to be wrong least is the best so far. */
    private void compete(LowerLine fit, double u, double span) {
        double ofRate = CAUTION * curvature() * span * span / 12;
        double doubt = depths.doubt(fit.spread(u));
        double off = span > WINDOWS_NS[USUAL] ? against(fit, fits[USUAL], u) : 0;
        double total = fit.variance(u) + doubt * doubt + ofRate * ofRate + off * off;
        if (total < least) {
            least = total;
            best = fit;
            variance = fit.variance(u) + doubt * doubt;
            lag = ofRate / CAUTION;
        }
    }

    /** By how much a line is farther from one over a shorter window, which lags less, than noise explains, ns. */
    private static double against(LowerLine line, LowerLine shorter, double u) {
        return Math.max(0, Math.abs(line.at(u) - shorter.at(u)) - AGREED * Math.sqrt(shorter.variance(u)));
    }

    /** What the lines over shorter windows say against the best. */
    private double apart(double u) {
        double most = 0;
        for (int w = 0; fits[w] != best; w++) {
            most = fits[w].inWindow > 0 ? Math.max(most, against(best, fits[w], u)) : most;
        }
        return most;
    }

    /** Looks how fast the rate changes just now, and lets short windows compete when that is fast. */
    private void follow(Minima minima, double u, double prior, double priorVariance) {
        boolean competing = isSwift();
        for (int w = 0; w < USUAL; w++) {
            int from = minima.since(u - WINDOWS_NS[w]);
            if (from == 0 || minima.size() - from < LEAST_IN_WINDOW) {
                fits[w].inWindow = 0;
                continue;
            }
            fits[w].fit(minima, from, depths, prior, priorVariance);
            if (competing) {
                compete(fits[w], u, u - minima.u[from]);
            }
            if (w == 0) {
                swift.look(u, fits[0]);
            }
        }
    }

    private boolean isSwift() {
        return swift.shows() && swift.variance() > slow.variance();
    }

    /** How fast the rate changes, one sigma, 1/ns. */
    double curvature() {
        double squared = isSwift() ? swift.variance() : slow.variance();
        return Math.max(LEAST_CURVATURE, Math.sqrt(Math.max(0, squared)));
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
        return 2 * Math.sqrt(variance) + lag + apart + depth * noise + SWELL_DOUBT * swell.ns();
    }
}
