// SPDX-License-Identifier: Apache-2.0
package mimir.sync;

/**
 * The line of a device whose items arrive on a grid: the middle of the strip that its buckets allow. After a step by
 * whole items the strip from before goes on as the likely one, and the stated interval holds what the items since allow
 * by themselves, until those have swept the grid. Confined; allocates nothing after its construction.
 */
final class GridLine {
    private static final double MEMORY_NS = 120e9;
    private static final double USUAL_CURVATURE = 5e-18;   // 5 ppb/s, 1/ns: a room that warms up
    private static final double MOST_CURVATURE = 1e-15;
    private static final double RELAX = 0.99;              // of the curvature, from bucket to bucket
    private static final double SWEPT = 1.5;               // strips as alike as this tell the same

    private final Strip strip = new Strip();
    private final Strip since = new Strip();
    private double curvature = USUAL_CURVATURE;
    private double stepU = Double.NEGATIVE_INFINITY;       // the strip reaches back beyond a step at this time
    private double doubt;
    private double z;
    private double half;
    private boolean solved;

    void reset() {
        solved = false;
        stepU = Double.NEGATIVE_INFINITY;
        curvature = USUAL_CURVATURE;
    }

    /** A step by whole items: what was known before is kept, and doubted. */
    void doubt(double u) {
        stepU = u;
    }

    /** Fits the newest buckets, as seen from {@code u}, with a slope of {@code prior}, give or take {@code reach}. */
    void solve(Minima minima, double u, double prior, double reach, double ofItems) {
        doubt = ofItems;
        curvature = Math.max(USUAL_CURVATURE, curvature * RELAX);
        minima.dropFirst(minima.since(u - MEMORY_NS));
        if (minima.size() == 0) {
            return;
        }
        boolean fits = strip.fit(minima, 0, u, curvature, doubt, prior - reach, prior + reach);
        if (!fits && stepU > minima.u[0]) {
            minima.dropFirst(Math.min(minima.size() - 1, minima.since(stepU)));
            stepU = Double.NEGATIVE_INFINITY;
        }
        while (!fits) {
            if (curvature >= MOST_CURVATURE) {
                curvature = USUAL_CURVATURE;
                minima.dropFirst((minima.size() + 1) / 2); // they tell of another clock
            }
            curvature *= 2;
            fits = minima.size() == 0 || strip.fit(minima, 0, u, curvature, doubt, prior - reach, prior + reach);
        }
        if (minima.size() == 0) {
            return;
        }
        z = strip.z;
        half = strip.half;
        if (stepU > minima.u[0]) {
            widen(minima, u);
        }
        solved = true;
    }

    private void widen(Minima minima, double u) {
        double reach = strip.slopeHalf + curvature * (u - stepU);
        int from = minima.since(stepU);
        if (from == minima.size()) {
            return;
        }
        if (!since.fit(minima, from, u, curvature, doubt, strip.slope - reach, strip.slope + reach)) {
            return;
        }
        half = Math.max(half, Math.abs(since.z - z) + since.half);
        if (since.half < SWEPT * strip.half) {
            minima.dropFirst(from);
            stepU = Double.NEGATIVE_INFINITY;
        }
    }

    double z() {
        return z;
    }

    double half() {
        return half;
    }

    double slope() {
        return solved ? strip.slope : 0;
    }

    double slopeHalf() {
        return strip.slopeHalf;
    }

    double curvature() {
        return curvature;
    }
}
