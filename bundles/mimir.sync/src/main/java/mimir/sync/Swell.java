// SPDX-License-Identifier: Apache-2.0
package mimir.sync;

/**
 * How far delays swell and ebb: what minima of a few seconds have in common, and least squares do not average. The time
 * deviation (Allan, Weiss and Jespersen 1991) of three blocks of minima in a row, less what their own noise and the
 * known change of the rate make of it; medians, so that a stall does not count. Confined; allocates nothing after its
 * construction.
 */
final class Swell {
    private static final double LONGEST_NS = 5e9;    // block
    private static final int LEAST = 3;              // minima of a block
    private static final int MEMORY = 60;            // looks that count
    private static final double OF_MEDIANS = 1.57;   // times as much noise squared has a median as a mean
    private static final double DEVIATIONS = 6;      // squares of second differences to one of the deviation

    private final double[] block = new double[Minima.CAPACITY];
    private double begunU = Double.NaN;
    private double squared;
    private int looks;

    /** The next blocks lie behind a step. */
    void restart() {
        begunU = Double.NaN;
    }

    /** Forgets everything. */
    void reset() {
        restart();
        squared = 0;
        looks = 0;
    }

    /**
     * Looks at the newest minima.
     *
     * @param slope along which they lie
     * @param ofRate how fast it changes, one sigma, 1/ns
     */
    void look(Minima minima, double u, double slope, double ofRate, Depths depths) {
        begunU = Double.isNaN(begunU) ? minima.u[0] : begunU;
        double length = Math.min(LONGEST_NS, (u - begunU) / 3);
        int first = minima.since(u - 3 * length);
        int second = minima.since(u - 2 * length);
        int third = minima.since(u - length);
        int end = minima.size();
        if (Math.min(second - first, Math.min(third - second, end - third)) < LEAST) {
            return;
        }
        double off = middle(minima, first, second, slope, depths) - 2 * middle(minima, second, third, slope, depths)
                + middle(minima, third, end, slope, depths);
        double noise = depths.noise(minima.spread[end - 1]);
        double ofNoise = OF_MEDIANS * noise * noise * (1.0 / (second - first) + 4.0 / (third - second)
                + 1.0 / (end - third));
        double change = ofRate * length * length;
        looks += looks < MEMORY ? 1 : 0;
        squared += ((off * off - ofNoise - change * change) / DEVIATIONS - squared) / looks;
    }

    /** Median of minima above a line through the base. */
    private double middle(Minima minima, int from, int to, double slope, Depths depths) {
        int count = to - from;
        for (int i = 0; i < count; i++) {
            int at = from + i;
            block[i] = minima.z[at] - depths.above(minima.spread[at]) - slope * minima.u[at];
        }
        LowerLine.sort(block, count);
        return (block[(count - 1) / 2] + block[count / 2]) / 2;
    }

    /** One sigma, ns; 0 when there is nothing but noise. */
    double ns() {
        return Math.sqrt(Math.max(0, squared));
    }
}
