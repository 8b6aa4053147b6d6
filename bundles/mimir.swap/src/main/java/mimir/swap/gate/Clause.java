// SPDX-License-Identifier: Apache-2.0
package mimir.swap.gate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One clause of a manifest header, {@code name;name;attribute=value;directive:=value}. Immutable.
 *
 * @param names what stands in front
 * @param attributes by lower-case name, those of directives with a colon at the end; an attribute may come several
 * times
 */
record Clause(List<String> names, Map<String, List<String>> attributes) {

    /** The clauses of a header, none when it is not there. */
    static List<Clause> parse(String header) {
        var clauses = new ArrayList<Clause>();
        for (var text : split(header == null ? "" : header, ',')) {
            var names = new ArrayList<String>();
            var attributes = new LinkedHashMap<String, List<String>>();
            for (var part : split(text, ';')) {
                int equals = part.indexOf('=');
                if (equals < 0) {
                    names.add(part.replace("\"", ""));
                } else {
                    var name = part.substring(0, equals).replaceAll("\\s", "").toLowerCase(Locale.ROOT);
                    attributes.computeIfAbsent(name, key -> new ArrayList<>())
                            .add(part.substring(equals + 1).replace("\"", "").strip());
                }
            }
            clauses.add(new Clause(names, attributes));
        }
        return clauses;
    }

    /** The name at the front of a header, without its attributes; empty when there is no header. */
    static String first(String header) {
        return header == null ? "" : header.split(";")[0].strip();
    }

    /** The first value of an attribute, or null. */
    String value(String name) {
        var values = attributes.get(name);
        return values == null ? null : values.getFirst();
    }

    private static List<String> split(String text, char separator) {
        var parts = new ArrayList<String>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || text.charAt(i) == separator && !quoted) {
                var part = text.substring(start, i).strip();
                if (!part.isEmpty()) {
                    parts.add(part);
                }
                start = i + 1;
            } else if (text.charAt(i) == '"') {
                quoted = !quoted;
            }
        }
        return parts;
    }
}
