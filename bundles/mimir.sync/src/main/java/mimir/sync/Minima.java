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

    private int size;

    int size() {
        return size;
    }

    void clear() {
        size = 0;
    }

    /** Appends one; the oldest falls out when there is no room. */
    void add(double newU, double newZ, double newSlack) {
        if (size == CAPACITY) {
            dropFirst(1);
        }
        u[size] = newU;
        z[size] = newZ;
        slack[size++] = newSlack;
    }

    /** Forgets the oldest {@code count}. */
    void dropFirst(int count) {
        size -= count;
        for (int i = 0; i < size; i++) {
            u[i] = u[i + count];
            z[i] = z[i + count];
            slack[i] = slack[i + count];
        }
    }

    /** Two buckets become one, in which the lower stays, as seen along a line of this slope. */
    void mergePairs(double slope) {
        int pairs = size / 2;
        for (int i = 0; i < pairs; i++) {
            int a = 2 * i;
            int lower = z[a] - z[a + 1] <= slope * (u[a] - u[a + 1]) ? a : a + 1;
            u[i] = u[lower];
            z[i] = z[lower];
            slack[i] = slack[lower];
        }
        if (size % 2 == 1) {
            u[pairs] = u[size - 1];
            z[pairs] = z[size - 1];
            slack[pairs] = slack[size - 1];
        }
        size = pairs + size % 2;
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
