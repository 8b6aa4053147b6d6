// SPDX-License-Identifier: Apache-2.0
package mimir.syncbench;

/** The sums of a least-squares line, about an origin that can move. Confined. */
final class Sums {
    private double weight;
    private double u;
    private double z;
    private double uu;
    private double uz;

    void add(double du, double dz) {
        weight++;
        u += du;
        z += dz;
        uu += du * du;
        uz += du * dz;
    }

    /** Adds all of another, whose origin lies {@code by} behind this one's. */
    void add(Sums other, double by) {
        weight += other.weight;
        u += other.u - by * other.weight;
        z += other.z;
        uu += other.uu - 2 * by * other.u + by * by * other.weight;
        uz += other.uz - by * other.z;
    }

    /** Moves the origin forward and forgets: every weight times {@code keep}. */
    void move(double by, double keep) {
        uu = (uu - 2 * by * u + by * by * weight) * keep;
        uz = (uz - by * z) * keep;
        u = (u - by * weight) * keep;
        z *= keep;
        weight *= keep;
    }

    void clear() {
        weight = 0;
        u = 0;
        z = 0;
        uu = 0;
        uz = 0;
    }

    boolean empty() {
        return weight == 0;
    }

    double slope() {
        double spread = uu - u * u / weight;
        return spread > 0 ? (uz - u * z / weight) / spread : 0;
    }

    double level() {
        return (z - slope() * u) / weight;
    }
}
