// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import mimir.api.BadInputException;
import mimir.shell.line.Given;
import mimir.shell.line.Syntax;

/** What the commands are, and what one of them takes. Immutable. */
final class HelpCommand implements Command {
    private final Supplier<List<Command>> commands;

    HelpCommand(Supplier<List<Command>> commands) {
        this.commands = commands;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("help", "the commands, or one of them", "[COMMAND]", 0, 1);
    }

    @Override
    public boolean needsRig() {
        return false;
    }

    @Override
    public Answer run(Given given, Consumer<String> progress) {
        if (given.arguments().isEmpty()) {
            return Answer.of(overview());
        }
        var wanted = given.arguments().getFirst();
        var name = wanted.startsWith("mimir:") ? wanted.substring("mimir:".length()) : wanted;
        return commands.get().stream().map(Command::syntax).filter(syntax -> syntax.name().equals(name)).findFirst()
                .map(syntax -> Answer.of(page(syntax)))
                .orElseThrow(() -> new BadInputException("there is no command '" + wanted + "'; try help"));
    }

    private String overview() {
        var text = new StringBuilder();
        commands.get().forEach(command -> text.append("%-10s %s%n".formatted(command.syntax().name(),
                command.syntax().summary())));
        return text.append("\nhelp COMMAND shows the options of one of them.").toString();
    }

    private static String page(Syntax syntax) {
        var text = new StringBuilder(syntax.usage()).append("\n    ").append(syntax.summary()).append('\n');
        syntax.options().forEach(option -> text.append("  %-20s %s%n".formatted(option.shape(), option.about())));
        return text.toString();
    }

    @Override
    public List<String> candidates(String option, List<String> arguments) {
        return commands.get().stream().map(command -> command.syntax().name()).toList();
    }
}
