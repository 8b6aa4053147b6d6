// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Numbers along one side of a chart. Immutable.
 *
 * @param from number at {@code low}
 * @param to number at {@code high}
 * @param low place of the first, px
 * @param high place of the last, px
 */
record Axis(double from, double to, double low, double high) {
    private static final double LEAST_SPAN = 1e-3;
    private static final double AIR = 0.08;
    private static final double OUTLIERS = 0.02;

    /** Around nearly all of the numbers: the start of an estimate is far off and would flatten the rest. */
    static Axis around(double[] numbers, double low, double high) {
        var sorted = numbers.clone();
        Arrays.sort(sorted);
        int cut = (int) (sorted.length * OUTLIERS);
        double from = sorted[cut];
        double to = sorted[sorted.length - 1 - cut];
        double air = Math.max(LEAST_SPAN, (to - from) * AIR);
        return new Axis(from - air, to + air, low, high);
    }

    double place(double number) {
        return low + (number - from) / (to - from) * (high - low);
    }

    /** Round numbers on the axis, about as many as asked for. */
    List<Double> ticks(int about) {
        double rough = (to - from) / about;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double step = power * (rough / power < 1.5 ? 1 : rough / power < 3.5 ? 2 : rough / power < 7.5 ? 5 : 10);
        var ticks = new ArrayList<Double>();
        for (double tick = Math.ceil(from / step) * step; tick <= to; tick += step) {
            ticks.add(Math.abs(tick) < step / 2 ? 0.0 : tick);
        }
        return ticks;
    }

    static String text(double tick) {
        return String.format(Locale.ROOT, Math.abs(tick - Math.rint(tick)) < 1e-6 ? "%.0f" : "%.2f", tick);
    }
}
