// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import mimir.shell.line.Option;

/** Values as JSON text. Immutable. */
final class Json {
    static final Option OPTION = Option.flag("--json", "for programs: JSON with stable names");

    private Json() {
    }

    /** An object of two members, in this order. */
    static Answer answer(String first, Object one, String second, Object other) {
        var values = new LinkedHashMap<String, Object>();
        values.put(first, one);
        values.put(second, other);
        return answer(values);
    }

    /** What was done with an analyser: two lists, in this order. */
    static Answer analyser(String name, String first, Object one, String second, Object other) {
        var values = new LinkedHashMap<String, Object>();
        values.put("analyser", name);
        values.put(first, one);
        values.put(second, other);
        return answer(values);
    }

    static Answer answer(Object value) {
        return Answer.of(text(JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT), value));
    }

    /** One line, for answers that come bit by bit. */
    static String line(Object value) {
        return text(JSON.std, value);
    }

    private static String text(JSON json, Object value) {
        try {
            return json.with(JSON.Feature.WRITE_NULL_PROPERTIES).asString(value);
        } catch (IOException e) {
            throw new UncheckedIOException("the answer cannot be written as JSON", e);
        }
    }
}
