// SPDX-License-Identifier: Apache-2.0
package mimir.soak;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * A line through points whose slope is the median of the slopes of all pairs: single weighings that the compiler or the
 * collector was in do not turn it. Immutable. After H. Theil (1950) and P. K. Sen, "Estimates of the regression
 * coefficient based on Kendall's tau", J. Am. Stat. Assoc. 63 (1968).
 */
record Slope(double first, double last) {
    /** Through {@code (at, value)}, in ascending order; level where there are fewer than two points. */
    static Slope of(List<double[]> points) {
        double slope = median(IntStream.range(0, points.size()).boxed().flatMapToDouble(from ->
                points.subList(from + 1, points.size()).stream().filter(to -> to[0] > points.get(from)[0])
                        .mapToDouble(to -> (to[1] - points.get(from)[1]) / (to[0] - points.get(from)[0]))));
        double atZero = median(points.stream().mapToDouble(point -> point[1] - slope * point[0]));
        return new Slope(atZero + slope * points.getFirst()[0], atZero + slope * points.getLast()[0]);
    }

    private static double median(DoubleStream values) {
        var sorted = values.sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length == 0 ? 0 : sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /** By how much the line rises from its first point to its last, in percent of the first. */
    double percent() {
        return first == 0 ? (last == 0 ? 0 : 100) : (last - first) / Math.abs(first) * 100;
    }
}
