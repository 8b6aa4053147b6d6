// SPDX-License-Identifier: Apache-2.0
package mimir.sync;

/**
 * The line below a cloud of minima. The edge of the lower convex hull over the mean time is the line under all points
 * with the least sum of distances (Moon, Skelly and Towsley 1999; by hull: Zhang, Liu, Xia and Xia 2002); least squares
 * over the points near that edge then average what is left of the noise. Confined; allocates nothing after its
 * construction.
 */
final class LowerLine {
    private static final double TOLERANCE = 5;           // of the noise, above the edge
    private static final double KNOWN_SLOPE = 1e-4;    // a prior wider than this limits nothing
    private static final double TRIMMED = 0.8;         // of the differences, the least, say what noise there is
    private static final double TRIMMED_MEAN = 0.5586; // of those, for noise of sigma 1 that is normal
    private static final int[] GAPS = {132, 57, 23, 10, 4, 1};

    private final int[] hull = new int[Minima.CAPACITY];
    private final double[] y = new double[Minima.CAPACITY];       // minima, lowered to where delays begin
    private final double[] weights = new double[Minima.CAPACITY]; // 0 for those that do not count
    private final double[] scratch = new double[Minima.CAPACITY];

    /** Mean time of the points that count, ns since the base. */
    double u0;
    /** The line at {@link #u0}, ns. */
    double z0;
    /** Rate minus the nominal rate. */
    double slope;
    /** Variance of {@link #slope}. */
    double slopeVariance;
    /** Variance of {@link #z0}, ns². */
    double levelVariance;
    /** Points that count. */
    int points;
    /** Points that there are. */
    int inWindow;

    /** What the points tell of {@link Depths}: information, and what it is to be multiplied with. */
    double depthInformation;
    /** See {@link #depthInformation}. */
    double depthProduct;

    private double spread0;     // mean spread of the points that count
    private double spreadSlope; // and how it changes

    /** Of the line at this time, ns. */
    double at(double u) {
        return z0 + slope * (u - u0);
    }

    /** The spread at this time, as a line through that of the points, ns. */
    double spread(double u) {
        return spread0 + spreadSlope * (u - u0);
    }

    /** Variance of the line at this time, ns². */
    double variance(double u) {
        return levelVariance + slopeVariance * (u - u0) * (u - u0);
    }

    /**
     * How much neighbouring minima differ, one sigma, as a share of their spread: from a trimmed mean of their second
     * differences, so that neither a rate nor a few points that are far off count. NaN for fewer than five points.
     */
    double noise(Minima minima, int from) {
        int count = minima.size() - from - 2;
        if (count < 3) {
            return Double.NaN;
        }
        double[] u = minima.u;
        double[] z = minima.z;
        for (int i = 0; i < count; i++) {
            int a = from + i;
            double share = (u[a + 1] - u[a]) / (u[a + 2] - u[a]);
            double between = z[a] + share * (z[a + 2] - z[a]);
            double scale = Math.sqrt(1 + share * share + (1 - share) * (1 - share)) * minima.spread[a + 1];
            scratch[i] = Math.abs(z[a + 1] - between) / scale;
        }
        sort(scratch, count);
        int kept = Math.max(1, (int) (TRIMMED * count));
        double sum = 0;
        for (int i = 0; i < kept; i++) {
            sum += scratch[i];
        }
        return sum / kept / TRIMMED_MEAN;
    }

    /** Shell's sort with the gaps of Ciura (2001): that of the JDK allocates 24 B for each part it divides. */
    static void sort(double[] values, int count) {
        for (int gap : GAPS) {
            for (int i = gap; i < count; i++) {
                double value = values[i];
                int at = i;
                for (; at >= gap && values[at - gap] > value; at -= gap) {
                    values[at] = values[at - gap];
                }
                values[at] = value;
            }
        }
    }

    /**
     * Fits the points from {@code from} on.
     *
     * @param depths by how much of its spread a point is above the line, and how well that is known
     * @param prior slope that was known before
     * @param priorVariance of it; infinite when nothing was known
     */
    void fit(Minima minima, int from, Depths depths, double prior, double priorVariance) {
        inWindow = minima.size() - from;
        for (int i = from; i < minima.size(); i++) {
            y[i] = minima.z[i] - depths.above(minima.spread[i]);
        }
        double edge = edge(minima, from);
        double reach = 3 * Math.sqrt(priorVariance);
        if (reach < KNOWN_SLOPE) {
            edge = Math.clamp(edge, prior - reach, prior + reach);
        }
        support(minima, from, edge, depths);
        double uu = 1 / priorVariance; // sums about the mean of the points that count
        double uy = prior / priorVariance;
        double us = 0;
        double ss = 0;
        double sy = 0;
        for (int i = from; i < minima.size(); i++) {
            double weight = weights[i];
            double du = minima.u[i] - u0;
            double ds = minima.spread[i] - spread0;
            uu += weight * du * du;
            uy += weight * du * (y[i] - z0);
            us += weight * du * ds;
            ss += weight * ds * ds;
            sy += weight * ds * (y[i] - z0);
        }
        slope = uu > 0 ? uy / uu : prior;
        slopeVariance = uu > 0 ? 1 / uu : priorVariance;
        spreadSlope = uu > 0 ? us / uu : 0;
        depthInformation = ss - spreadSlope * us;
        depthProduct = sy - spreadSlope * uy;
    }

    /** Which points are near the line of this slope that all are above, and where their mean is. */
    private void support(Minima minima, int from, double edge, Depths depths) {
        double least = Double.POSITIVE_INFINITY;
        double most = 0;
        for (int i = from; i < minima.size(); i++) {
            least = Math.min(least, y[i] - edge * minima.u[i]);
            most = Math.max(most, minima.spread[i]);
        }
        points = 0;
        double sum = 0;
        double sumU = 0;
        double sumY = 0;
        double sumSpread = 0;
        for (int i = from; i < minima.size(); i++) {
            double spread = minima.spread[i];
            double near = TOLERANCE * depths.noise((spread + most) / 2) + 3 * depths.sigma() * Math.abs(most - spread);
            boolean counts = y[i] - edge * minima.u[i] <= least + near;
            double noise = depths.noise(spread);
            double weight = counts ? 1 / (noise * noise) : 0;
            weights[i] = weight;
            points += counts ? 1 : 0;
            sum += weight;
            sumU += weight * (minima.u[i] - minima.u[from]);
            sumY += weight * (y[i] - y[from]);
            sumSpread += weight * spread;
        }
        u0 = minima.u[from] + sumU / sum;
        z0 = y[from] + sumY / sum;
        spread0 = sumSpread / sum;
        levelVariance = 1 / sum;
    }

    /** Slope of the edge of the lower hull over the mean time. */
    private double edge(Minima minima, int from) {
        double[] u = minima.u;
        double[] z = y;
        int top = 0;
        double sum = 0;
        for (int i = from; i < minima.size(); i++) {
            sum += u[i] - u[from];
            while (top >= 2 && above(u, z, hull[top - 2], hull[top - 1], i)) {
                top--;
            }
            hull[top++] = i;
        }
        if (top < 2) {
            return 0;
        }
        double mean = u[from] + sum / (minima.size() - from);
        int right = 1;
        while (right < top - 1 && u[hull[right]] < mean) {
            right++;
        }
        int a = hull[right - 1];
        int b = hull[right];
        return (z[b] - z[a]) / (u[b] - u[a]);
    }

    /** Whether point b lies on or above the line from a to c. */
    private static boolean above(double[] u, double[] z, int a, int b, int c) {
        return (z[b] - z[a]) * (u[c] - u[a]) >= (z[c] - z[a]) * (u[b] - u[a]);
    }
}
