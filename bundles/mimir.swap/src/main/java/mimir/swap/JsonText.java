// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Values as JSON in one line; this bundle needs nothing more of JSON than that. Immutable. */
final class JsonText {
    private JsonText() {
    }

    /** Of maps with names, lists, texts, numbers, truth values and null. */
    static String of(Object value) {
        return switch (value) {
            case null -> "null";
            case Map<?, ?> members -> members.entrySet().stream().map(member ->
                    quoted(member.getKey().toString()) + ':' + of(member.getValue()))
                    .collect(Collectors.joining(",", "{", "}"));
            case List<?> items -> items.stream().map(JsonText::of).collect(Collectors.joining(",", "[", "]"));
            case Number number -> number.toString();
            case Boolean truth -> truth.toString();
            default -> quoted(value.toString());
        };
    }

    private static String quoted(String text) {
        var json = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                json.append('\\').append((char) c);
            } else if (c < ' ' || c > '~') {
                json.append(String.format("\\u%04x", c));
            } else {
                json.append((char) c);
            }
        });
        return json.append('"').toString();
    }
}
