// SPDX-License-Identifier: Apache-2.0
package mimir.sync.align;

import java.util.Arrays;

/**
 * When a lamp was on: what an audio channel that is wired to it shows, or what drove it. Off before the first instant.
 * Confined.
 */
public final class Switching {
    private double[] at = new double[64];
    private double[] sum = new double[64];       // time on until then, ns
    private double[] integral = new double[64];   // its integral
    private int size;

    /** The lamp goes on at the first, third, … and off at the second, fourth, … instant; canonical ns, rising. */
    public void toggle(double ns) {
        if (size == at.length) {
            at = Arrays.copyOf(at, 2 * size);
            sum = Arrays.copyOf(sum, 2 * size);
            integral = Arrays.copyOf(integral, 2 * size);
        }
        if (size > 0) {
            double passed = ns - at[size - 1];
            double on = on(size - 1) ? passed : 0;
            sum[size] = sum[size - 1] + on;
            integral[size] = integral[size - 1] + sum[size - 1] * passed + on * passed / 2;
        }
        at[size++] = ns;
    }

    /** How often it was switched. */
    public int size() {
        return size;
    }

    double at(int i) {
        return at[i];
    }

    double first() {
        return at[0];
    }

    double last() {
        return at[size - 1];
    }

    private static boolean on(int i) {
        return (i & 1) == 0;
    }

    private int before(double ns) {
        int i = Arrays.binarySearch(at, 0, size, ns);
        return i < 0 ? -i - 2 : i;
    }

    /** Time on until an instant. */
    double once(double ns) {
        int i = before(ns);
        return i < 0 ? 0 : sum[i] + (on(i) ? ns - at[i] : 0);
    }

    /** The integral of that. */
    double twice(double ns) {
        int i = before(ns);
        if (i < 0) {
            return 0;
        }
        double passed = ns - at[i];
        return integral[i] + sum[i] * passed + (on(i) ? passed * passed / 2 : 0);
    }

    /** Switchings between two instants. */
    int between(double from, double to) {
        return Math.max(0, before(to) - before(from));
    }
}
