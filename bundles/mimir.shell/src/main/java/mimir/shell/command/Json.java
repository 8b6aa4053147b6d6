// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import mimir.shell.line.Option;

/** Values as JSON text. Immutable. */
final class Json {
    static final Option OPTION = Option.flag("--json", "for programs: JSON with stable names");

    private Json() {
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
