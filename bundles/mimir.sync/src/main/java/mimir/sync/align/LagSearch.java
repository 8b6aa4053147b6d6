// SPDX-License-Identifier: Apache-2.0
package mimir.sync.align;

/** The highest correlation among sampled lags, and the best of the others. Confined. */
final class LagSearch {
    int lag;
    double peak;
    double runnerUp;

    /**
     * Looks from {@code -reach} to {@code reach}.
     *
     * @param correlation at 2 (lag modulo n); what is between does not matter
     * @param apart what is nearer than that to the peak is the peak
     */
    LagSearch look(double[] correlation, int n, int reach, int apart) {
        lag = best(correlation, n, reach, Integer.MAX_VALUE, 0);
        peak = correlation[2 * Math.floorMod(lag, n)];
        int other = best(correlation, n, reach, lag, apart);
        runnerUp = other == Integer.MIN_VALUE || peak <= 0 ? 0
                : Math.max(0, correlation[2 * Math.floorMod(other, n)] / peak);
        return this;
    }

    private static int best(double[] correlation, int n, int reach, int but, int apart) {
        int best = Integer.MIN_VALUE;
        double value = Double.NEGATIVE_INFINITY;
        for (int l = -reach; l <= reach; l++) {
            double here = correlation[2 * Math.floorMod(l, n)];
            if (here > value && (but == Integer.MAX_VALUE || Math.abs(l - but) > apart)) {
                value = here;
                best = l;
            }
        }
        return best;
    }
}
