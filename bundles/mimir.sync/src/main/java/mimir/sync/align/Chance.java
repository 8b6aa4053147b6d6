// SPDX-License-Identifier: Apache-2.0
package mimir.sync.align;

/**
 * How likely it is that streams with nothing in common look as much alike somewhere. Sums of cosines of independent
 * phases have tails below those of a Gaussian, and the bound holds for few bins as well. Immutable.
 */
final class Chance {
    private static final double MOST_ALIKE = 0.999;

    private Chance() {
    }

    /** Lags that are independent of each other within a span of seconds, for signals up to a frequency. */
    static double trials(double seconds, double hertz) {
        return Math.max(1, 2 * seconds * hertz);
    }

    /**
     * Logarithm of the probability of such a likeness at the best of so many trials: Chernoff's bound for a mean of
     * cosines of phases that are all as likely.
     */
    static double log(double likeness, double sigma, double trials) {
        if (!(likeness > 0) || !(sigma > 0)) {
            return 0;
        }
        double mean = Math.min(likeness, MOST_ALIKE);
        double s = mean < 0.85 ? mean * (2 - mean * mean) / (1 - mean * mean) : 1 / (2 * (1 - mean));
        return Math.min(0, Math.log(trials) - Math.max(mean * mean, s * mean - logBessel(s)) / (2 * sigma * sigma));
    }

    /** Logarithm of the modified Bessel function of order 0, from above. */
    private static double logBessel(double s) {
        double term = 1;
        double sum = 1;
        for (int k = 1; term > 1e-12 * sum; k++) {
            term *= s * s / (4.0 * k * k);
            sum += term;
        }
        return Math.log(sum);
    }

}
