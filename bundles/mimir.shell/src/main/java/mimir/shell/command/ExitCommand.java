// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.function.Consumer;
import mimir.api.BadInputException;
import mimir.shell.line.Given;
import mimir.shell.line.Syntax;

/** Ends the shell. Immutable. */
final class ExitCommand implements Command {
    @Override
    public Syntax syntax() {
        return Syntax.of("exit", "stop Mimir, with an exit code of 0 to 255", "[CODE]", 0, 1);
    }

    @Override
    public boolean needsRig() {
        return false;
    }

    @Override
    public Answer run(Given given, Consumer<String> progress) {
        var code = given.arguments().isEmpty() ? "0" : given.arguments().getFirst();
        if (!code.matches("\\d{1,3}") || Integer.parseInt(code) > 255) {
            throw new BadInputException("exit cannot end with '" + code + "': give a whole number from 0 to 255");
        }
        return Answer.exit(Integer.parseInt(code));
    }
}
