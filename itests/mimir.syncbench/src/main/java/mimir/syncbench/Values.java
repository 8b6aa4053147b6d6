// SPDX-License-Identifier: Apache-2.0
package mimir.syncbench;

import java.util.Arrays;

/** Numbers that grow in count, and what is to be known of them. Confined. */
final class Values {
    private double[] values = new double[1024];
    private int size;

    void add(double value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = value;
    }

    void addAll(Values others) {
        for (int i = 0; i < others.size; i++) {
            add(others.values[i]);
        }
    }

    int size() {
        return size;
    }

    double at(int index) {
        return values[index];
    }

    /** All magnitudes of what is left after subtracting this. */
    Values magnitudes(double constant) {
        var made = new Values();
        for (int i = 0; i < size; i++) {
            made.add(Math.abs(values[i] - constant));
        }
        return made;
    }

    /** The value that this share of them does not exceed; NaN when there are none. */
    double quantile(double share) {
        if (size == 0) {
            return Double.NaN;
        }
        var sorted = Arrays.copyOf(values, size);
        Arrays.sort(sorted);
        return sorted[Math.clamp((int) Math.ceil(share * size) - 1, 0, size - 1)];
    }

    double max() {
        return quantile(1);
    }

    double mean() {
        return Arrays.stream(values, 0, size).average().orElse(Double.NaN);
    }
}
