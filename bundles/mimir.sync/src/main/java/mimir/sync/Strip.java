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
    private static final double MARGIN = 0.25;     // of half the slopes, beyond what was allowed last

    /** Middle of what is allowed at the end, ns. */
    double z;
    /** Half the width of what is allowed at the end, ns. */
    double half;
    /** Middle of the slopes that are allowed. */
    double slope;
    /** Half the width of the slopes that are allowed. */
    double slopeHalf;

    private final double[] age = new double[Minima.CAPACITY];   // of a bucket at the end, ns
    private final double[] upper = new double[Minima.CAPACITY]; // its bounds, for a slope of 0, ns
    private final double[] lower = new double[Minima.CAPACITY];
    private int buckets;
    private double roof;    // least of all upper bounds, at the end, for the slope that was tried last
    private double floor;   // most of all lower bounds
    private double roofU;   // where they stand
    private double floorU;
    private double highest = Double.NaN; // slope that was allowed last
    private double lowest = Double.NaN;

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
        bound(all, first, when, ofRate, ROUNDING_NS + ofItems);
        double margin = MARGIN * slopeHalf;
        double high = extreme(Math.min(most, highest + margin), most, 1);
        double highRoof = roof;
        double low = extreme(Math.max(least, lowest - margin), least, -1);
        highest = high;
        lowest = low;
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
     *
     * @param near what may be just outside; when it is not, the search begins at the outermost
     */
    private double extreme(double near, double outermost, int direction) {
        double tried = near;
        bounds(near);
        if (Double.isNaN(near) || roof - floor >= 0 || (floorU - roofU) * direction >= 0) {
            tried = outermost;
        }
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

    private void bound(Minima minima, int from, double end, double curvature, double doubt) {
        buckets = minima.size() - from;
        for (int i = 0; i < buckets; i++) {
            double old = end - minima.u[from + i];
            double pad = doubt + curvature * old * old / 2;
            age[i] = old;
            upper[i] = minima.z[from + i] + pad;
            lower[i] = minima.z[from + i] - pad - minima.slack[from + i];
        }
    }

    private void bounds(double tried) {
        int above = 0;
        int below = 0;
        roof = Double.POSITIVE_INFINITY;
        floor = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < buckets; i++) {
            double later = tried * age[i];
            if (upper[i] + later < roof) {
                roof = upper[i] + later;
                above = i;
            }
            if (lower[i] + later > floor) {
                floor = lower[i] + later;
                below = i;
            }
        }
        roofU = -age[above];
        floorU = -age[below];
    }
}
