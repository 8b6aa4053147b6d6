// SPDX-License-Identifier: Apache-2.0
package mimir.sync;

/**
 * All lines that what arrived on a grid allows. An item cannot have been ready after the tick that it came on, and of
 * the items of a bucket one was ready no longer before its tick than the widest gap between their phases: each bucket
 * bounds the line from both sides. Bounds widen with their age by what the rate may have changed since. What no line of
 * the strip tells apart, nothing can. Confined; allocates nothing.
 */
final class Strip {
    private static final double ROUNDING_NS = 1e3; // of device times, ticks of 1 us included
    private static final int MOST_TURNS = 50;

    /** Middle of what is allowed at the end, ns. */
    double z;
    /** Half the width of what is allowed at the end, ns. */
    double half;
    /** Middle of the slopes that are allowed. */
    double slope;
    /** Half the width of the slopes that are allowed. */
    double slopeHalf;

    private Minima minima;
    private int from;
    private double end;
    private double curvature;
    private double doubt;   // of each bound, ns
    private double roof;    // least of all upper bounds, at the end, for the slope that was tried last
    private double floor;   // most of all lower bounds
    private double roofU;   // where they stand
    private double floorU;

    /**
     * Fits the buckets from {@code first} on; false, and nothing changes, when no line satisfies all of them.
     *
     * @param when where the line is wanted, not before the last bucket
     * @param ofRate how fast the rate may change, 1/ns
     * @param ofItems by how much a bound may be off, for items that were late for their grid, ns
     * @param least slope that is possible
     * @param most slope that is possible
     */
    boolean fit(Minima all, int first, double when, double ofRate, double ofItems, double least, double most) {
        minima = all;
        from = first;
        end = when;
        curvature = ofRate;
        doubt = ROUNDING_NS + ofItems;
        double high = extreme(most, 1);
        double highRoof = roof;
        double low = extreme(least, -1);
        if (Double.isNaN(high) || Double.isNaN(low)) {
            return false;
        }
        z = (highRoof + floor) / 2;
        half = Math.max(0, (highRoof - floor) / 2);
        slope = (low + high) / 2;
        slopeHalf = Math.max(0, (high - low) / 2);
        return true;
    }

    /**
     * The steepest slope, or least steep, that is allowed. The room between roof and floor is a concave function of the
     * slope: Newton's steps from outside come down to where it begins, and see when there is none. NaN: there is none.
     */
    private double extreme(double outermost, int direction) {
        double tried = outermost;
        for (int turn = 0; turn < MOST_TURNS; turn++) {
            bounds(tried);
            double room = roof - floor;
            if (room >= -1e-6) {
                return tried;
            }
            double apart = (floorU - roofU) * direction; // the room grows inward when the floor stands before the roof
            if (apart >= 0) {
                return Double.NaN;
            }
            tried -= direction * room / apart;
        }
        return tried;
    }

    private void bounds(double tried) {
        double[] u = minima.u;
        double[] least = minima.z;
        roof = Double.POSITIVE_INFINITY;
        floor = Double.NEGATIVE_INFINITY;
        for (int i = from; i < minima.size(); i++) {
            double age = end - u[i];
            double pad = doubt + curvature * age * age / 2;
            double middle = least[i] + tried * age;
            if (middle + pad < roof) {
                roof = middle + pad;
                roofU = u[i];
            }
            if (middle - pad - minima.slack[i] > floor) {
                floor = middle - pad - minima.slack[i];
                floorU = u[i];
            }
        }
    }
}
