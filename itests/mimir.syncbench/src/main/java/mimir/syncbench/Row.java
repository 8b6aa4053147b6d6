// SPDX-License-Identifier: Apache-2.0
package mimir.syncbench;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One line of the table. Immutable.
 *
 * @param name what was measured
 * @param ours what came out
 * @param peer the best peer's, or NaN
 * @param goal what must be reached, or NaN
 * @param allowance by what factor it may be missed before the run fails
 * @param least whether more is better
 * @param unit of ours, peer and goal
 */
record Row(String name, double ours, double peer, double goal, double allowance, boolean least, String unit) {
    private static final double ALLOWANCE = 1.25;

    static Row most(String name, double ours, double goal, String unit) {
        return new Row(name, ours, Double.NaN, goal, ALLOWANCE, false, unit);
    }

    static Row none(String name, double ours, String unit) {
        return new Row(name, ours, Double.NaN, 0, 1, false, unit);
    }

    static Row atLeast(String name, double ours, double goal, String unit) {
        return new Row(name, ours, Double.NaN, goal, 1, true, unit);
    }

    static Row figure(String name, double ours, String unit) {
        return new Row(name, ours, Double.NaN, Double.NaN, 1, false, unit);
    }

    static Row beside(String name, double ours, double peer, String unit) {
        return new Row(name, ours, peer, Double.NaN, 1, false, unit);
    }

    double ratio() {
        return ours / peer;
    }

    boolean met() {
        return Double.isNaN(goal) || (least ? ours >= goal : ours <= goal);
    }

    /** Whether the gate lets it pass: the goal, with the allowance. */
    boolean passes() {
        return Double.isNaN(goal) || (least ? ours >= goal : ours <= goal * allowance);
    }

    String line() {
        var end = Double.isNaN(goal) ? "" : String.format(Locale.ROOT, "  %s %-9s %s", least ? ">=" : "<=",
                plain(goal), met() ? "met" : passes() ? "MISSED, within the gate" : "NOT MET");
        var beside = Double.isNaN(peer) ? "" : String.format(Locale.ROOT, "  best peer %s, ratio %s", plain(peer),
                plain(ratio()));
        return String.format(Locale.ROOT, "%-66s %10s %-5s%s%s", name, plain(ours), unit, end, beside).stripTrailing();
    }

    Map<String, Object> json() {
        var map = new LinkedHashMap<String, Object>();
        map.put("name", name);
        map.put("ours", orNull(ours));
        map.put("peer", orNull(peer));
        map.put("ratio", orNull(ratio()));
        map.put("goal", orNull(goal));
        map.put("met", met());
        map.put("unit", unit);
        return map;
    }

    private static Object orNull(double value) {
        return Double.isFinite(value) ? value : null;
    }

    private static String plain(double value) {
        if (!Double.isFinite(value)) {
            return "-";
        }
        return String.format(Locale.ROOT, value >= 1000 || value == Math.rint(value) ? "%.0f" : "%.3g", value);
    }
}
