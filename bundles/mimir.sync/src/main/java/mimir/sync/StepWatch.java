// SPDX-License-Identifier: Apache-2.0
package mimir.sync;

/**
 * Tells steps of a clock from delays. Nothing arrives early, so that three items in a row that do are a step; late is a
 * step what has no item on time for 16 items and 100 ms. Confined; allocates nothing.
 */
final class StepWatch {
    static final int ITEMS = 16;
    static final double LEAST_NS = 100e6;
    private static final int EARLY_ITEMS = 3;

    private boolean watching;
    private double lateFrom = Double.POSITIVE_INFINITY;
    private double earlyFrom = Double.POSITIVE_INFINITY;
    private int late;
    private int early;
    private int items;
    private double lateSince;
    private double r;
    private double u;
    private double z;

    void arm(boolean now, double lateLimit, double earlyLimit) {
        watching = now;
        lateFrom = now ? lateLimit : Double.POSITIVE_INFINITY;
        earlyFrom = now ? earlyLimit : Double.POSITIVE_INFINITY;
    }

    void stop() {
        watching = false;
        lateFrom = Double.POSITIVE_INFINITY;
        earlyFrom = Double.POSITIVE_INFINITY;
        late = 0;
        early = 0;
    }

    boolean watching() {
        return watching;
    }

    /** Whether a residual is neither late nor early as after a step: only such may be a minimum. */
    boolean ordinary(double residual) {
        return residual <= lateFrom && residual >= -earlyFrom;
    }

    /** Looks at an item; true when it completes a step. */
    boolean look(double residual, double itemU, double itemZ, double h) {
        if (ordinary(residual)) {
            late = 0;
            early = 0;
            return false;
        }
        if (residual < 0) {
            late = 0;
            early++;
            keep(early == 1, residual, itemU, itemZ);
            return early >= EARLY_ITEMS;
        }
        early = 0;
        lateSince = late == 0 ? h : lateSince;
        late++;
        // What was late before the step began is still in the first half.
        boolean young = late <= ITEMS / 2 || h - lateSince < LEAST_NS / 2;
        keep(young, residual, itemU, itemZ);
        return late >= ITEMS && h - lateSince >= LEAST_NS;
    }

    /** Keeps the item that is nearest to the line on the side of the step. */
    private void keep(boolean anew, double residual, double itemU, double itemZ) {
        items = anew ? 1 : items + 1;
        if (anew || residual < r) {
            r = residual;
            u = itemU;
            z = itemZ;
        }
    }

    /** Items since the step that {@link #by} is known from. */
    int items() {
        return items;
    }

    /** By how much the clock stepped, ns. */
    double by() {
        return r;
    }

    /** Device time of the item nearest to the line since the step. */
    double u() {
        return u;
    }

    /** Residual of that item. */
    double z() {
        return z;
    }
}
