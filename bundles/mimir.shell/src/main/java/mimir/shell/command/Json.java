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

    static Answer answer(Object value) {
        try {
            return Answer.of(JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT, JSON.Feature.WRITE_NULL_PROPERTIES)
                    .asString(value));
        } catch (IOException e) {
            throw new UncheckedIOException("the answer cannot be written as JSON", e);
        }
    }
}
