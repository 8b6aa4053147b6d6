// SPDX-License-Identifier: Apache-2.0
package mimir.sync.align;

import java.util.ArrayList;
import java.util.List;

/** All lines y = offset + slope x through a row of gates, as a polygon of offset and slope. Confined. */
final class Corridor {
    private List<double[]> corners;

    /** Lines within these to begin with. */
    Corridor(double leastOffset, double mostOffset, double mostSlope) {
        corners = List.of(new double[] {leastOffset, -mostSlope}, new double[] {mostOffset, -mostSlope},
                new double[] {mostOffset, mostSlope}, new double[] {leastOffset, mostSlope});
    }

    /** Only those that are within at x. */
    void gate(double x, double least, double most) {
        cut(1, x, -least);
        cut(-1, -x, most);
    }

    boolean empty() {
        return corners.isEmpty();
    }

    /** Lowest and highest offset (0) or slope (1). */
    double[] range(int which) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (var corner : corners) {
            least = Math.min(least, corner[which]);
            most = Math.max(most, corner[which]);
        }
        return new double[] {least, most};
    }

    /** Keeps where a offset + b slope + c is 0 or more. */
    private void cut(double a, double b, double c) {
        var kept = new ArrayList<double[]>();
        for (int i = 0; i < corners.size(); i++) {
            var here = corners.get(i);
            var next = corners.get((i + 1) % corners.size());
            double now = a * here[0] + b * here[1] + c;
            double then = a * next[0] + b * next[1] + c;
            if (now >= 0) {
                kept.add(here);
            }
            if (now >= 0 != then >= 0) {
                double part = now / (now - then);
                kept.add(new double[] {here[0] + part * (next[0] - here[0]), here[1] + part * (next[1] - here[1])});
            }
        }
        corners = kept;
    }
}
