// SPDX-License-Identifier: Apache-2.0
package mimir.sync;

/**
 * Finds out whether items arrive on a grid of the host's time, as over USB, by how concentrated their times are modulo
 * each grid that is known (Rayleigh's test). Confined; allocates nothing after its construction.
 */
final class ServiceGrid {
    private static final double[] GRIDS_NS = {4e6, 1e6, 125e3};
    private static final int[] DOUBLINGS = {0, 2, 3}; // of the angle on the grid before it
    private static final int PER_BUCKET = 32;     // arrivals that are looked at; cosines cost
    private static final int ONCE_FOUND = 8;      // enough to see that it is lost
    private static final double MEMORY = 0.9;     // of the sums, from bucket to bucket
    private static final double LONG_MEMORY = 0.998;
    private static final double ENOUGH = 24;      // arrivals
    private static final double FOUND = 0.5;
    private static final double LOST = 0.25;
    private static final double SPREAD = 0.4;     // the device's own phases are less concentrated than this

    private final double[] cosine = new double[GRIDS_NS.length];
    private final double[] sine = new double[GRIDS_NS.length];
    private final double[] weight = new double[GRIDS_NS.length];
    private int inBucket;
    private int found = -1;
    private double ambiguousNs;

    void reset() {
        found = -1;
        ambiguousNs = 0;
        inBucket = 0;
        for (int i = 0; i < GRIDS_NS.length; i++) {
            weight[i] = 0;
            cosine[i] = 0;
            sine[i] = 0;
        }
    }

    /** An arrival, ns since some base. */
    void add(double h) {
        if (inBucket >= (found < 0 ? PER_BUCKET : ONCE_FOUND)) {
            return;
        }
        inBucket++;
        double angle = 2 * Math.PI * (h / GRIDS_NS[0] - Math.floor(h / GRIDS_NS[0]));
        double cos = Math.cos(angle);
        double sin = Math.sin(angle);
        for (int i = 0; i < GRIDS_NS.length; i++) {
            for (int turn = 0; turn < DOUBLINGS[i]; turn++) { // costs less than a cosine
                double doubled = 2 * sin * cos;
                cos = cos * cos - sin * sin;
                sin = doubled;
            }
            cosine[i] += cos;
            sine[i] += sin;
            weight[i]++;
        }
    }

    /**
     * Ends a bucket of a device with such a period, as it is measured and by its nominal rate, for a rate that is just
     * being found may be far off; true when the grid is another one from here on.
     */
    boolean decide(double periodNs, double nominalNs) {
        inBucket = 0;
        int before = found;
        if (found >= 0 && concentration(found) < LOST) {
            found = -1;
        }
        ambiguousNs = 0;
        boolean coarser = false; // what is on a grid is on the finer ones too
        for (int i = 0; i < GRIDS_NS.length; i++) {
            boolean spread = spread(periodNs / GRIDS_NS[i]) && spread(nominalNs / GRIDS_NS[i]);
            boolean concentrated = concentration(i) > FOUND;
            if (concentrated && spread && !coarser && weight[i] >= ENOUGH && (found < 0 || i < found)) {
                found = i;
            }
            coarser |= concentrated && spread;
            concentrated &= weight[i] >= ENOUGH;
            if (concentrated && !spread) {
                ambiguousNs = Math.max(ambiguousNs, GRIDS_NS[i]);
            }
            double keep = spread ? MEMORY : LONG_MEMORY;
            weight[i] *= keep;
            cosine[i] *= keep;
            sine[i] *= keep;
        }
        return found != before;
    }

    private static boolean spread(double turns) {
        return Rotation.concentration(turns, (long) ENOUGH) < SPREAD;
    }

    /** Spacing of the grid, ns; 0: there is none. */
    double spacing() {
        return found < 0 ? 0 : GRIDS_NS[found];
    }

    /**
     * Spacing of a grid that may be there or not, ns, else 0: the period of the device is a multiple of it, so that it
     * meets it at one phase, until drift has moved that by a good part of the grid.
     */
    double ambiguous() {
        return found < 0 ? ambiguousNs : 0;
    }

    /** Where the arrivals are on the grid in the mean, ns from 0 to the spacing. */
    double meanPhase() {
        double turn = Math.atan2(sine[found], cosine[found]) / (2 * Math.PI);
        return (turn < 0 ? turn + 1 : turn) * GRIDS_NS[found];
    }

    /** One sigma of the arrivals around their mean, ns. */
    double scatter() {
        return Math.sqrt(-2 * Math.log(Math.min(1 - 1e-9, concentration(found)))) / (2 * Math.PI) * GRIDS_NS[found];
    }

    private double concentration(int grid) {
        double length = cosine[grid] * cosine[grid] + sine[grid] * sine[grid];
        return Math.sqrt(length) / weight[grid]; // Math.hypot costs ten times that
    }
}
