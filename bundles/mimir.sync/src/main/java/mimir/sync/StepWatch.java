// SPDX-License-Identifier: Apache-2.0
package mimir.sync;

/**
 * Tells steps of a clock from delays. Nothing arrives early, so that three items in a row that do are a step; late is a
 * step what has no item on time for 16 items and 100 ms, which on a grid were each of its phases twice: a camera that
 * loses the same one of its six phases three times has not stepped. Confined; allocates nothing.
 */
final class StepWatch {
    static final int ITEMS = 16;
    static final double LEAST_NS = 100e6;
    private static final int EARLY_ITEMS = 3;
    private static final int ROUNDS = 2;

    private boolean watching;
    private double lateFrom = Double.POSITIVE_INFINITY;
    private double earlyFrom = Double.POSITIVE_INFINITY;
    private int late;
    private int early;
    private int kept;
    private int items;
    private int run;
    private int round = 1;
    private int rounds;
    private int enough = ROUNDS;
    private double lateSince;
    private double r;
    private double u;
    private double z;

    /**
     * Looks from now on, or not.
     *
     * @param itemsOfRound so many in a row meet a grid at all its phases; 1 without a grid
     * @param scattering whether items may miss their tick by chance; then each phase must have been late once more
     */
    void arm(boolean now, double lateLimit, double earlyLimit, int itemsOfRound, boolean scattering) {
        watching = now;
        round = itemsOfRound;
        enough = scattering ? ROUNDS + 1 : ROUNDS;
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

    /**
     * Looks at an item; true when it completes a step.
     *
     * @param follows whether it is of the item after that of the one before
     * @param jumped whether the device's own time tells of a step; then each phase once is enough
     */
    boolean look(double residual, double itemU, double itemZ, double h, boolean follows, boolean jumped) {
        if (ordinary(residual)) {
            late = 0;
            early = 0;
            return false;
        }
        if (residual < 0) {
            late = 0;
            early++;
            keep(early == 1, residual, itemU, itemZ, follows);
            return early >= EARLY_ITEMS;
        }
        early = 0;
        if (late == 0) {
            lateSince = h;
            rounds = 0;
            run = 0;
        }
        late++;
        run = follows ? run + 1 : 1;
        if (run == round) {
            rounds++;
            run = 0;
        }
        // What was late before the step began is still in the first half.
        boolean young = late <= ITEMS / 2 || h - lateSince < LEAST_NS / 2;
        keep(young, residual, itemU, itemZ, follows);
        return late >= ITEMS && rounds >= (jumped ? 1 : enough) && h - lateSince >= LEAST_NS;
    }

    /** Keeps the item that is nearest to the line on the side of the step. */
    private void keep(boolean anew, double residual, double itemU, double itemZ, boolean follows) {
        kept = anew || !follows ? 1 : kept + 1;
        items = anew ? 1 : Math.max(items, kept);
        if (anew || residual < r) {
            r = residual;
            u = itemU;
            z = itemZ;
        }
    }

    /** Items in a row since the step that {@link #by} is known from. */
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
