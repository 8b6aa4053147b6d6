// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import mimir.shell.line.Given;
import mimir.shell.line.Option;
import mimir.shell.line.Syntax;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.Function;

/**
 * A command of the scope {@code mimir} that another bundle brings, as far as it tells of itself by service properties:
 * {@code mimir.command.summary}, and {@code mimir.command.options} with {@code --name=what it does} each. It is for
 * help and completion; Gogo calls it. Immutable.
 */
record OtherCommand(Syntax syntax) implements Command {
    private static final String SUMMARY = "mimir.command.summary";
    private static final String OPTIONS = "mimir.command.options";

    /** Those that there are now, in order of their names. */
    static List<Command> all(Services services) {
        return services.properties(Function.class).stream().map(OtherCommand::of).filter(Objects::nonNull)
                .sorted((one, other) -> one.syntax().name().compareTo(other.syntax().name())).toList();
    }

    private static Command of(Map<String, Object> properties) {
        var names = texts(properties.get(CommandProcessor.COMMAND_FUNCTION));
        if (!"mimir".equals(properties.get(CommandProcessor.COMMAND_SCOPE)) || names.size() != 1
                || !(properties.get(SUMMARY) instanceof String summary)) {
            return null;
        }
        var options = texts(properties.get(OPTIONS)).stream().map(OtherCommand::option).toArray(Option[]::new);
        return new OtherCommand(Syntax.of(names.getFirst(), summary, options));
    }

    private static Option option(String text) {
        int equals = text.indexOf('=');
        return Option.flag(equals < 0 ? text : text.substring(0, equals), text.substring(equals + 1));
    }

    private static List<String> texts(Object property) {
        return switch (property) {
            case String one -> List.of(one);
            case String[] several -> Stream.of(several).toList();
            case null, default -> List.of();
        };
    }

    @Override
    public Answer run(Given given, Consumer<String> progress) {
        throw new IllegalStateException(syntax.name() + " is called by Gogo, and not from here");
    }
}
