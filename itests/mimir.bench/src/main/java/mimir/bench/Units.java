// SPDX-License-Identifier: Apache-2.0
package mimir.bench;

import java.util.Locale;
import java.util.Map;

/** Units stand at the end of a figure's name. Immutable. */
final class Units {
    private static final Map<String, String> NAMES = Map.of("ns", "ns", "us", "µs", "perS", "/s", "bytesPerOp", "B/op",
            "count", "");

    private Units() {
    }

    static String of(String figure) {
        return NAMES.getOrDefault(figure.substring(figure.lastIndexOf('.') + 1), "");
    }

    /** A number that people can read, with its unit. */
    static String text(double value, String unit) {
        if (Double.isNaN(value)) {
            return "";
        }
        if (unit.equals("ns") && Math.abs(value) >= 10_000) {
            return text(value / 1000, "µs");
        }
        if (unit.equals("/s") && value >= 1_000_000) {
            return text(value / 1_000_000, "M/s");
        }
        var number = Math.abs(value) >= 1000 ? "%.0f" : Math.abs(value) >= 100 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, number, value) + (unit.isEmpty() ? "" : " " + unit);
    }
}
