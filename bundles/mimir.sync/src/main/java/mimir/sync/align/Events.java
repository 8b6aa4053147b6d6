// SPDX-License-Identifier: Apache-2.0
package mimir.sync.align;

import java.util.Arrays;

/** Short events of one stream: clicks, flashes. Each lies somewhere in an interval. Confined. */
public final class Events {
    private double[] middles = new double[16];
    private double[] halves = new double[16];
    private int size;

    /**
     * An event; they come in order.
     *
     * @param middleNs middle of the interval it lies in, canonical ns
     * @param halfNs half the width of that, ns
     */
    public void add(double middleNs, double halfNs) {
        if (size == middles.length) {
            middles = Arrays.copyOf(middles, 2 * size);
            halves = Arrays.copyOf(halves, 2 * size);
        }
        middles[size] = middleNs;
        halves[size++] = halfNs;
    }

    /** How many. */
    public int size() {
        return size;
    }

    /** Middle of the interval of one of them, canonical ns. */
    public double middleNs(int i) {
        return middles[i];
    }

    double half(int i) {
        return halves[i];
    }

    double first() {
        return middles[0];
    }

    double last() {
        return middles[size - 1];
    }

    double widest() {
        return Arrays.stream(halves, 0, size).max().orElse(0);
    }

    /** The event nearest to an instant. */
    int nearest(double ns) {
        int i = Arrays.binarySearch(middles, 0, size, ns);
        int after = Math.clamp(i < 0 ? -i - 1 : i, 0, size - 1);
        return after > 0 && ns - middles[after - 1] < Math.abs(middles[after] - ns) ? after - 1 : after;
    }

    /** The distance that all distances are multiples of, within a tolerance; not a number when there is none. */
    double regularity(double tolerance) {
        double least = Double.POSITIVE_INFINITY;
        for (int i = 1; i < size; i++) {
            least = Math.min(least, middles[i] - middles[i - 1]);
        }
        for (int i = 1; i < size; i++) {
            double gap = middles[i] - middles[i - 1];
            if (Math.abs(gap - Math.rint(gap / least) * least) > tolerance) {
                return Double.NaN;
            }
        }
        return least;
    }
}
