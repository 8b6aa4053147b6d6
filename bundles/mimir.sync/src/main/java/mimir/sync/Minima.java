// SPDX-License-Identifier: Apache-2.0
package mimir.sync;

/**
 * The least residual of each bucket of time, oldest first: all that the estimator remembers of what it observed.
 * Confined; allocates nothing after its construction.
 */
final class Minima {
    /** So many buckets are kept. */
    static final int CAPACITY = 256;

    /** When, ns since the base. */
    final double[] u = new double[CAPACITY];
    /** Residual to the nominal rate, ns. */
    final double[] z = new double[CAPACITY];
    /** By how much it may be above the truth because of a grid, ns. */
    final double[] slack = new double[CAPACITY];
    /** How much items were late in the mean, ns: the scale of their delays. */
    final double[] spread = new double[CAPACITY];

    private int size;

    int size() {
        return size;
    }

    void clear() {
        size = 0;
    }

    /** Appends one; the oldest falls out when there is no room. */
    void add(double newU, double newZ, double newSlack, double newSpread) {
        if (size == CAPACITY) {
            dropFirst(1);
        }
        u[size] = newU;
        z[size] = newZ;
        spread[size] = newSpread;
        slack[size++] = newSlack;
    }

    /** Forgets the oldest {@code count}. */
    void dropFirst(int count) {
        size -= count;
        for (int i = 0; i < size; i++) {
            move(i + count, i);
        }
    }

    /** Gives all of them this spread. */
    void respread(double all) {
        for (int i = 0; i < size; i++) {
            spread[i] = all;
        }
    }

    /** Two buckets become one, in which the lower stays, as seen along a line of this slope. */
    void mergePairs(double slope) {
        int pairs = size / 2;
        for (int i = 0; i < pairs; i++) {
            int a = 2 * i;
            move(z[a] - z[a + 1] <= slope * (u[a] - u[a + 1]) ? a : a + 1, i);
        }
        if (size % 2 == 1) {
            move(size - 1, pairs);
        }
        size = pairs + size % 2;
    }

    private void move(int from, int to) {
        u[to] = u[from];
        z[to] = z[from];
        slack[to] = slack[from];
        spread[to] = spread[from];
    }

    /** Index of the first that is not older than {@code when}. */
    int since(double when) {
        int from = 0;
        while (from < size && u[from] < when) {
            from++;
        }
        return from;
    }
}
