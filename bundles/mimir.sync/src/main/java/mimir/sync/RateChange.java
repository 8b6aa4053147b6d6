// SPDX-License-Identifier: Apache-2.0
package mimir.sync;

/**
 * How fast a rate changes: from the slopes of lines over windows that hold nothing of each other. Confined; allocates
 * nothing.
 */
final class RateChange {
    private static final double SHOWS = 6;       // times the variance that noise gives to a change
    private static final double SHOWS_EARLY = 3;
    private static final double STILL_SHOWS = 1.5; // once it did: noise that grew is no sign that the rate rests
    private static final int FEW = 4;
    private static final double CALMER = 4;      // times as slowly is it believed that a rate rests: it may turn

    private final double windowNs;
    private final double share;
    private double variance;
    private double ofNoise;
    private double markU;
    private double markSlope;
    private double markVariance;
    private boolean marked;
    private boolean shows;
    private double first;  // 1: what was known before is nothing against the first change
    private int changes;

    /**
     * Learns from windows of one length.
     *
     * @param share of the newest in the mean
     */
    RateChange(double windowNs, double share) {
        this.windowNs = windowNs;
        this.share = share;
    }

    /** The next line follows none. */
    void restart() {
        marked = false;
    }

    /** Forgets what it learned, for what is usual; or for nothing, and the first change then counts in full. */
    void reset(double usualVariance) {
        restart();
        variance = usualVariance;
        ofNoise = 0;
        first = usualVariance > 0 ? 0 : 1;
        changes = 0;
        shows = false;
    }

    /** True when a line of now would tell something. */
    boolean isDue(double u) {
        return !marked || u - markU >= windowNs;
    }

    /** A line over the window that ends at {@code u}. */
    void look(double u, LowerLine line) {
        if (!isDue(u)) {
            return;
        }
        if (marked) {
            double passed = u - markU;
            double change = (line.slope - markSlope) / passed;
            ofNoise = (line.slopeVariance + markVariance) / (passed * passed);
            changes++;
            double more = change * change - ofNoise - variance;
            variance += Math.max(more < 0 && changes > 1 ? share / CALMER : share, first / changes) * more;
            shows = variance > (shows ? STILL_SHOWS : changes < FEW ? SHOWS_EARLY : SHOWS) * ofNoise;
        }
        marked = true;
        markU = u;
        markSlope = line.slope;
        markVariance = line.slopeVariance;
    }

    /** Whether the rate changes by more than noise makes of it: on less evidence at first, and when it did before. */
    boolean shows() {
        return shows;
    }

    /** Mean square of the change, without what noise makes of it, 1/ns²; may be negative. */
    double variance() {
        return variance;
    }
}
