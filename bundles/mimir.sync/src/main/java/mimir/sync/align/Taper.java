// SPDX-License-Identifier: Apache-2.0
package mimir.sync.align;

/** Windows: a piece is faded in and out, lest its ends look like an event. Immutable. */
enum Taper {
    /** Leaks least, wastes most: to find whether there is anything in common. */
    HANN(1.0, 1.95),
    /** A tenth of it fades: what measures wastes 3 % only. */
    TUKEY(0.1, 1.055);

    private final double share;
    /** Variance of a sum over bins, beside what it were if bins did not share the window. */
    final double inflation;

    Taper(double share, double inflation) {
        this.share = share;
        this.inflation = inflation;
    }

    /** Weight at x from 0 to 1 through the piece. */
    double at(double x) {
        double edge = Math.min(x, 1 - x);
        if (edge <= 0) {
            return 0;
        }
        double fade = share / 2;
        return edge >= fade ? 1 : 0.5 - 0.5 * Math.cos(Math.PI * edge / fade);
    }
}
