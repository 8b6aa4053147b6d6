// SPDX-License-Identifier: Apache-2.0
package mimir.syncbench;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The members of a JSON object, each asked for by name and range; what nobody asked for is a fault. Confined. */
final class Members {
    private final String place;
    private final Map<?, ?> values;
    private final Set<String> asked = new LinkedHashSet<>();

    Members(String place, Object value) {
        this.place = place;
        if (!(value instanceof Map<?, ?> map)) {
            throw new BadUseException(place + " is not an object");
        }
        values = map;
    }

    double number(String name, double otherwise, double least, double most) {
        var value = take(name);
        if (value == null) {
            return otherwise;
        }
        if (!(value instanceof Number number) || !(number.doubleValue() >= least && number.doubleValue() <= most)) {
            throw new BadUseException("%s: %s is a number from %s to %s, not %s".formatted(place, name, plain(least),
                    plain(most), value));
        }
        return number.doubleValue();
    }

    String text(String name, String otherwise) {
        var value = take(name);
        if (value != null && !(value instanceof String)) {
            throw new BadUseException(place + ": " + name + " is a text, not " + value);
        }
        return value == null ? otherwise : (String) value;
    }

    Members object(String name) {
        var value = take(name);
        return new Members(place + ", " + name, value == null ? Map.of() : value);
    }

    <T> List<T> list(String name, Function<Members, T> each) {
        var value = take(name);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            throw new BadUseException(place + ": " + name + " is a list");
        }
        return list.stream().map(one -> {
            var members = new Members(place + ", " + name, one);
            T made = each.apply(members);
            members.end();
            return made;
        }).toList();
    }

    /** Nothing may be left that was not asked for. */
    void end() {
        for (var name : values.keySet()) {
            if (!asked.contains(name)) {
                throw new BadUseException(place + ": there is no member '" + name + "'; there are "
                        + String.join(", ", asked));
            }
        }
    }

    private Object take(String name) {
        asked.add(name);
        return values.get(name);
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
