// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import mimir.shell.line.Option;
import mimir.shell.line.Syntax;

/** What the word under the cursor may become; knows no terminal. Thread-safe. */
public final class Completion {
    /**
     * What fits.
     *
     * @param words whole words; those that do not begin as typed are to be left out
     * @param files true when names of files fit as well
     */
    public record Suggestion(List<String> words, boolean files) {
        static final Suggestion NOTHING = new Suggestion(List.of(), false);
    }

    private static final String SCOPE = "mimir:";

    private final Supplier<List<Command>> commands;

    Completion(Supplier<List<Command>> commands) {
        this.commands = commands;
    }

    /**
     * Looks at the words before the cursor and at the one that it stands in.
     *
     * @param line the words of the line, the unfinished one last (it may be empty)
     */
    public Suggestion suggest(List<String> line) {
        var words = lastCommand(line);
        if (words.size() == 1) {
            return new Suggestion(names(), false);
        }
        return command(words.getFirst()).map(command -> suggest(command, words.subList(1, words.size())))
                .orElse(new Suggestion(List.of(), true));
    }

    /** What stands behind the last {@code ;} or {@code |}. */
    private static List<String> lastCommand(List<String> line) {
        int begin = 0;
        for (int at = 0; at < line.size() - 1; at++) {
            if (line.get(at).endsWith(";") || line.get(at).endsWith("|")) {
                begin = at + 1;
            }
        }
        return line.subList(begin, line.size());
    }

    private List<String> names() {
        var plain = commands.get().stream().map(command -> command.syntax().name()).toList();
        var names = new ArrayList<>(plain);
        plain.forEach(name -> names.add(SCOPE + name));
        return names;
    }

    private Optional<Command> command(String word) {
        var name = word.startsWith(SCOPE) ? word.substring(SCOPE.length()) : word;
        return commands.get().stream().filter(command -> command.syntax().name().equals(name)).findFirst();
    }

    private static Suggestion suggest(Command command, List<String> words) {
        var syntax = command.syntax();
        var arguments = new ArrayList<String>();
        for (int at = 0; at < words.size() - 1; at++) {
            var option = option(syntax, words.get(at));
            if (option.isEmpty()) {
                arguments.add(words.get(at));
            } else if (at + option.get().values().size() >= words.size() - 1 && !option.get().values().isEmpty()) {
                return new Suggestion(command.candidates(option.get().name(), arguments), areFiles(option.get()));
            } else {
                at += option.get().values().size();
            }
        }
        if (words.getLast().startsWith("-")) {
            return new Suggestion(syntax.options().stream().filter(option -> option.repeats()
                    || !words.contains(option.name())).map(Option::name).toList(), false);
        }
        if (arguments.size() >= syntax.most()) {
            return syntax.options().isEmpty() ? Suggestion.NOTHING
                    : new Suggestion(syntax.options().stream().map(Option::name).toList(), false);
        }
        var candidates = command.candidates(null, arguments);
        return new Suggestion(candidates, candidates.isEmpty() && syntax.arguments().contains("FILE"));
    }

    private static Optional<Option> option(Syntax syntax, String word) {
        return syntax.options().stream().filter(option -> option.name().equals(word)).findFirst();
    }

    private static boolean areFiles(Option option) {
        return option.values().contains("DIR") || option.values().contains("FILE");
    }
}
