// SPDX-License-Identifier: Apache-2.0
package mimir.sync;

/**
 * Where a device that sends once a period meets a grid on which its transport delivers: the phases are 0, a, 2a, …
 * modulo 1, with a the period in grids. Pure functions.
 */
final class Rotation {
    private Rotation() {
    }

    /**
     * The widest arc that so many phases leave empty, as a fraction of the grid: what no arrival can tell. By the three
     * gap theorem it is the sum of how near the phases come to their start from above and from below.
     */
    static double widestGap(double turns, long phases) {
        double a = turns - Math.floor(turns);
        if (phases < 2 || a == 0) {
            return 1;
        }
        double above = a;
        double below = 1 - a;
        long qAbove = 1;
        long qBelow = 1;
        while (qAbove + qBelow <= phases && above > 0 && below > 0) {
            if (above > below) {
                long times = Math.min((phases - qAbove) / qBelow, (long) Math.ceil(above / below) - 1);
                above -= times * below;
                qAbove += times * qBelow;
            } else {
                long times = Math.min((phases - qBelow) / qAbove, Math.max(1, (long) Math.ceil(below / above) - 1));
                below = Math.max(0, below - times * above);
                qBelow += times * qAbove;
            }
        }
        return above + below;
    }

    /** So few phases in a row already leave no more empty than {@code most} do, give or take a hundredth. */
    static int enough(double turns, int most) {
        double widest = 1.01 * widestGap(turns, most);
        int phases = 1;
        while (phases < most && widestGap(turns, phases) > widest) {
            phases++;
        }
        return phases;
    }

    /** How concentrated so many phases are: 1 all at one place, 0 all around. */
    static double concentration(double turns, long phases) {
        double half = Math.PI * (turns - Math.rint(turns));
        double least = Math.sin(half);
        return Math.abs(least) < 1e-12 ? 1 : Math.abs(Math.sin(phases * half) / (phases * least));
    }
}
