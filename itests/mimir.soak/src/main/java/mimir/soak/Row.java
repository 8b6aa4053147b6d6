// SPDX-License-Identifier: Apache-2.0
package mimir.soak;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A goal of a proof and what was reached. Immutable.
 *
 * @param name one line for people; names the row for good
 * @param ours what was measured
 * @param goal what must not be passed, or, where more is better, must be reached
 * @param most true where less is better
 * @param unit of both
 */
record Row(String name, double ours, double goal, boolean most, String unit) {
    /** Ours may be this much at most. */
    static Row most(String name, double ours, double goal, String unit) {
        return new Row(name, ours, goal, true, unit);
    }

    /** Ours must be this much at least. */
    static Row least(String name, double ours, double goal, String unit) {
        return new Row(name, ours, goal, false, unit);
    }

    boolean met() {
        return most ? Math.abs(ours) <= goal : ours >= goal;
    }

    /** As in all files of rows; a proof has no peer. */
    Map<String, Object> values() {
        var values = new LinkedHashMap<String, Object>();
        values.put("name", name);
        values.put("ours", ours);
        values.put("peer", null);
        values.put("ratio", null);
        values.put("goal", goal);
        values.put("met", met());
        values.put("unit", unit);
        return values;
    }

    static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : String.format(Locale.ROOT, "%.2f", value);
    }
}
