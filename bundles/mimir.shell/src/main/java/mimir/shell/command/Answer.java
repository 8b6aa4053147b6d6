// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.OptionalInt;

/**
 * What a command says. Immutable.
 *
 * @param text for standard output, without a last line end; may be empty
 * @param exit the code to end the shell with, when the command asks for that
 * @param failure one sentence when the command failed and has something to show nevertheless; else null
 */
record Answer(String text, OptionalInt exit, String failure) {
    static Answer of(String text) {
        return new Answer(text.stripTrailing(), OptionalInt.empty(), null);
    }

    static Answer exit(int code) {
        return new Answer("", OptionalInt.of(code), null);
    }

    Answer failed(String sentence) {
        return new Answer(text, exit, sentence);
    }
}
