// SPDX-License-Identifier: Apache-2.0
package mimir.sync;

/**
 * The least of a stretch of time, as seen along the present line, and how many items in a row may have been it: what a
 * grid hides is known from items that follow each other and came on their own tick. Confined; allocates nothing.
 */
final class Bucket {
    private double least = Double.POSITIVE_INFINITY;
    private double u;
    private double z;
    private double most = Double.NEGATIVE_INFINITY;
    private int run;
    private int longest;

    /** One residual to the line, and where and what it is without the line. */
    void add(double residual, double atU, double itself) {
        if (residual < least) {
            least = residual;
            u = atU;
            z = itself;
        }
    }

    /**
     * Counts an item of a device on a grid, before it is added, if it is: an item that is later than another by the
     * spacing of the grid has missed its tick.
     *
     * @param follows whether it is of the item after that of the one before
     */
    void count(double residual, boolean follows, double spacing) {
        if (residual + spacing <= most) { // then those before were too late
            longest = 0;
            run = 0;
            most = residual;
        }
        if (residual >= least + spacing) {
            run = 0;
            return;
        }
        most = Math.max(most, residual);
        run = follows ? run + 1 : 1;
        longest = Math.max(longest, run);
    }

    /** Begins with the least of so many items in a row. */
    void begin(double residual, double atU, double itself, int items) {
        least = residual;
        u = atU;
        z = itself;
        most = residual;
        longest = items;
    }

    boolean empty() {
        return least == Double.POSITIVE_INFINITY;
    }

    /** The most items in a row, each on its tick. */
    int longest() {
        return longest;
    }

    double u() {
        return u;
    }

    double z() {
        return z;
    }

    void clear() {
        least = Double.POSITIVE_INFINITY;
        most = Double.NEGATIVE_INFINITY;
        run = 0;
        longest = 0;
    }
}
