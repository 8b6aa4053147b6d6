// SPDX-License-Identifier: Apache-2.0
package mimir.itests.checks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One clause of a manifest header, {@code name;attribute=value;directive:=value}.
 *
 * <p>Threads: immutable.
 */
record Clause(String name, Map<String, String> attributes) {
    static List<Clause> parse(String header) {
        var clauses = new ArrayList<Clause>();
        for (var text : split(header == null ? "" : header, ',')) {
            var names = new ArrayList<String>();
            var attributes = new LinkedHashMap<String, String>();
            for (var part : split(text, ';')) {
                int equals = part.indexOf('=');
                if (equals < 0) {
                    names.add(part);
                } else {
                    attributes.put(part.substring(0, equals), part.substring(equals + 1).replace("\"", ""));
                }
            }
            names.forEach(name -> clauses.add(new Clause(name, attributes)));
        }
        return clauses;
    }

    private static List<String> split(String text, char separator) {
        var parts = new ArrayList<String>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || (text.charAt(i) == separator && !quoted)) {
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
