// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.OptionalInt;

/**
 * What a command says. Immutable.
 *
 * @param text for standard output, without a last line end; may be empty
 * @param exit the code to end the shell with, when the command asks for that
 */
record Answer(String text, OptionalInt exit) {
    static Answer of(String text) {
        return new Answer(text.stripTrailing(), OptionalInt.empty());
    }

    static Answer exit(int code) {
        return new Answer("", OptionalInt.of(code));
    }
}
