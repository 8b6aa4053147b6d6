// SPDX-License-Identifier: Apache-2.0
package mimir.sync;

/**
 * By how much items are ready later than the line says, where a grid hides it: who would just have got its tick comes
 * with the next one. While the grid is swept the share of items that do, times the grid, is the mean of that; a tail
 * would make it as well, which is why it counts for no more than the mean by which they missed their tick. Confined;
 * allocates nothing.
 */
final class Readiness {
    private static final double MEMORY_NS = 120e9;
    private static final double MOST = 0.25;         // of a grid: what is later was held up
    private static final double KNOWN = 1 / 16.0;    // of a grid: a line that is known less tells nothing
    private static final double ROUNDING_NS = 2e3;   // of the line and the device's time
    private static final double FIRST_NS = 20e3;
    private static final int FIRST_ITEMS = 4;
    private static final int MISSED_MEMORY = 256;    // items
    private static final double CLIP = 4;
    private static final double SCATTERS_NS = 5e3;

    private double spacing;
    private boolean known;
    private double doubt;
    private double share;
    private double over;
    private int items;
    private int missed;

    /** Begins with a grid of such a spacing, ns. */
    void reset(double gridNs) {
        spacing = gridNs;
        known = false;
        share = 0;
        items = 0;
        over = FIRST_NS;
        missed = FIRST_ITEMS;
    }

    /** How well the line is known from here on, ns, without what is due to this scatter. */
    void line(boolean settled, double half) {
        known = settled && half < KNOWN * spacing;
        doubt = half + ROUNDING_NS;
    }

    /** An item of a device with such a period that came so long after the tick next to the line, ns. */
    void add(double after, double period) {
        if (!known || after > MOST * spacing) {
            return;
        }
        boolean miss = after > doubt;
        items += items < MEMORY_NS / period ? 1 : 0;
        share += ((miss ? 1 : 0) - share) / items;
        if (miss) {
            missed += missed < MISSED_MEMORY ? 1 : 0;
            over += (Math.min(after, CLIP * over) - over) / missed;
        }
    }

    /** Mean of how much later than the line items are ready, ns. */
    double ns() {
        return Math.min(share * spacing, over);
    }

    /** Whether items miss ticks by more than rounding. */
    boolean scatters() {
        return ns() > SCATTERS_NS;
    }
}
