// SPDX-License-Identifier: Apache-2.0
package mimir.sync;

/**
 * How far above the least delay the minima of buckets lie: a share of the spread of delays, for both scale when a
 * machine gets busy. The share is taken from how much minima scatter, until a change of the spread shows how far they
 * moved with it; what is learned counts from the usual spread, so that learning moves nothing. Confined; allocates
 * nothing.
 */
final class Depths {
    private static final double SIGMAS = 2.5;           // from the line of minima down to where delays begin
    private static final double SIGMAS_SIGMA = 2;       // of these, one sigma
    private static final double LEAST_SIGMA = 0.1;      // of what was learned, and of the noise
    private static final double USUAL_NOISE = 0.25;     // of the spread
    private static final double MEMORY = 0.9;           // of the noise, from bucket to bucket
    private static final double FORGETTING = 1 - 1e-4;  // of what was learned
    private static final int USUAL = 10_000;            // buckets that the usual spread is a mean of

    private final boolean oneWay;
    private double noise = USUAL_NOISE;
    private double weight;
    private double usual;
    private int buckets;
    private double learned;
    private double information;
    private double sigma = SIGMAS_SIGMA * USUAL_NOISE;

    /** Of delays, which are on one side of the truth, or of errors on both: then there is no depth. */
    Depths(boolean oneWay) {
        this.oneWay = oneWay;
    }

    void reset() {
        noise = USUAL_NOISE;
        weight = 0;
        buckets = 0;
        learned = 0;
        information = 0;
    }

    /** The next noise that is measured replaces what is known of it. */
    void noiseIsOld() {
        weight = 0;
    }

    /**
     * A bucket.
     *
     * @param measured noise, as a share of the spread, or NaN
     * @param settled whether this spread is one, and not what a line leaves that is still being found
     */
    void add(double measured, double spread, boolean settled) {
        if (measured > 0) {
            noise = (noise * weight * MEMORY + measured) / (weight * MEMORY + 1);
            weight = weight * MEMORY + 1;
        }
        buckets = settled ? buckets + 1 : 1;
        usual += (spread - usual) / (known() ? USUAL : Math.min(buckets, USUAL));
        information *= FORGETTING;
    }

    /** What a window of minima tells; true when it tells more than was known, and the window is to be fitted anew. */
    boolean learn(double ofWindow, double product) {
        if (!oneWay || ofWindow <= Math.max(information, prior())) {
            sigma = spreadOf(Math.max(information, prior()));
            return false;
        }
        learned = (ofWindow * learned + product) / (ofWindow + prior());
        information = ofWindow;
        sigma = spreadOf(information);
        return true;
    }

    private double prior() {
        return 1 / (SIGMAS_SIGMA * SIGMAS_SIGMA * noise * noise);
    }

    private boolean known() {
        return information > prior();
    }

    private double spreadOf(double told) {
        return Math.hypot(1 / Math.sqrt(told), LEAST_SIGMA * (Math.abs(learned) + noise));
    }

    /** By how much a minimum among delays of this spread lies above the least delay, ns. */
    double above(double spread) {
        return oneWay ? SIGMAS * noise * spread + learned * (spread - usual) : 0;
    }

    /** One sigma of what was learned, for one ns of spread off the usual. */
    double sigma() {
        return sigma;
    }

    /** One sigma of what is not known at this spread, ns. */
    double doubt(double spread) {
        return sigma * Math.abs(spread - usual);
    }

    /** One sigma of a minimum among delays of this spread, ns. */
    double noise(double spread) {
        return noise * spread;
    }
}
