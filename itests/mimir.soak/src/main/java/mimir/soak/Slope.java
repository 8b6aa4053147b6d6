// SPDX-License-Identifier: Apache-2.0
package mimir.soak;

import java.util.List;

/** A line through points by least squares. Immutable. */
record Slope(double first, double last) {
    /** Through {@code (at, value)}; level where there are fewer than two points. */
    static Slope of(List<double[]> points) {
        double n = points.size();
        double x = points.stream().mapToDouble(point -> point[0]).sum() / n;
        double y = points.stream().mapToDouble(point -> point[1]).sum() / n;
        double above = points.stream().mapToDouble(point -> (point[0] - x) * (point[1] - y)).sum();
        double below = points.stream().mapToDouble(point -> (point[0] - x) * (point[0] - x)).sum();
        double slope = below == 0 ? 0 : above / below;
        return new Slope(y + slope * (points.getFirst()[0] - x), y + slope * (points.getLast()[0] - x));
    }

    /** By how much the line rises from its first point to its last, in percent of the first. */
    double percent() {
        return first == 0 ? (last == 0 ? 0 : 100) : (last - first) / Math.abs(first) * 100;
    }
}
