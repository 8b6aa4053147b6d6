// SPDX-License-Identifier: Apache-2.0
package mimir.sync;

/** The least of a stretch of time, as seen along the present line. Confined; allocates nothing. */
final class Bucket {
    private double least = Double.POSITIVE_INFINITY;
    private double u;
    private double z;

    /** One residual to the line, and where and what it is without the line. */
    void add(double residual, double atU, double itself) {
        if (residual < least) {
            least = residual;
            u = atU;
            z = itself;
        }
    }

    boolean empty() {
        return least == Double.POSITIVE_INFINITY;
    }

    double u() {
        return u;
    }

    double z() {
        return z;
    }

    void clear() {
        least = Double.POSITIVE_INFINITY;
    }
}
