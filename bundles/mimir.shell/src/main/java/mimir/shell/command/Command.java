// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.List;
import mimir.shell.line.Given;
import mimir.shell.line.Syntax;

/** One command of the scope {@code mimir}. Thread-safe. */
interface Command {
    /** Name, options and help. */
    Syntax syntax();

    /**
     * Runs. Control threads; may block.
     *
     * @throws mimir.api.BadInputException for what the person typed
     * @throws RuntimeException for everything else; its message is one sentence
     */
    Answer run(Given given);

    /** What the word at {@code option}, or the next argument where that is null, may be; files are left to the reader. */
    default List<String> candidates(String option, List<String> arguments) {
        return List.of();
    }
}
