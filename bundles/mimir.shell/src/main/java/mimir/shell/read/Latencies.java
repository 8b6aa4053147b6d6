// SPDX-License-Identifier: Apache-2.0
package mimir.shell.read;

/** How late items came, in bins of at most a sixteenth of their value. Confined; recording allocates nothing. */
final class Latencies {
    private static final int BINS = 1024;

    private final long[] bins = new long[BINS];
    private long count;

    void record(long ns) {
        if (ns >= 0) {
            bins[bin(ns)]++;
            count++;
        }
    }

    void add(Latencies other) {
        for (int bin = 0; bin < BINS; bin++) {
            bins[bin] += other.bins[bin];
        }
        count += other.count;
    }

    /** In microseconds; null when nothing was recorded. */
    Double quantileUs(double share) {
        long left = (long) (count * share);
        for (int bin = 0; bin < BINS; bin++) {
            if (left < bins[bin]) {
                return bottomNs(bin) / 1e3;
            }
            left -= bins[bin];
        }
        return null;
    }

    private static int bin(long ns) {
        if (ns < 16) {
            return (int) ns;
        }
        int exponent = 63 - Long.numberOfLeadingZeros(ns);
        return (exponent - 3) * 16 + (int) (ns >> exponent - 4 & 15);
    }

    private static double bottomNs(int bin) {
        return bin < 16 ? bin : (double) (16 + bin % 16) * (1L << bin / 16 - 1);
    }
}
