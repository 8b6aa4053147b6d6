// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.List;
import java.util.function.Consumer;
import mimir.shell.line.Given;
import mimir.shell.line.Syntax;

/** One command of the scope {@code mimir}. Thread-safe. */
interface Command {
    /** Name, options and help. */
    Syntax syntax();

    /**
     * Runs. Control threads; may block.
     *
     * @param progress told what a person should know before the end, one line each
     *
     * @throws mimir.api.BadInputException for what the person typed
     * @throws RuntimeException for everything else; its message is one sentence
     */
    Answer run(Given given, Consumer<String> progress);

    /**
     * Runs, and says what a person wants to see as it comes; most commands have all to say at the end.
     *
     * @param lines for standard output, one line each, before the answer
     */
    default Answer run(Given given, Consumer<String> progress, Consumer<String> lines) {
        return run(given, progress);
    }

    /** True when Ctrl-C at the prompt interrupts this command and nothing else; Mimir itself is ended otherwise. */
    default boolean givenUpAlone() {
        return false;
    }

    /** False when it says the same whether devices run or not. */
    default boolean needsRig() {
        return true;
    }

    /**
     * What a word may be; files are left to the reader. Any thread.
     *
     * @param option the option whose value it is; null for an argument
     * @param arguments those before it
     */
    default List<String> candidates(String option, List<String> arguments) {
        return List.of();
    }
}
