// SPDX-License-Identifier: Apache-2.0
package mimir.shell.line;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
import mimir.api.BadInputException;

/**
 * What a command takes: the one place from which parsing, help and completion come. Immutable.
 *
 * @param name of the command
 * @param summary one line for help
 * @param arguments what stands beside the options, as usage shows it: {@code NAME [FILE…|DIR]}; empty for nothing
 * @param least how many arguments it needs
 * @param most how many arguments it takes
 * @param options in the order of help
 */
public record Syntax(String name, String summary, String arguments, int least, int most, List<Option> options) {
    /** Lists are copied. */
    public Syntax {
        options = List.copyOf(options);
    }

    /** A command with options only. */
    public static Syntax of(String name, String summary, Option... options) {
        return new Syntax(name, summary, "", 0, 0, List.of(options));
    }

    /** A command with arguments and options. */
    public static Syntax of(String name, String summary, String arguments, int least, int most, Option... options) {
        return new Syntax(name, summary, arguments, least, most, List.of(options));
    }

    /** {@code export [--last DURATION] [--to DIR] [--source ID]…} */
    public String usage() {
        var parts = new ArrayList<String>();
        parts.add(name);
        if (!arguments.isEmpty()) {
            parts.add(arguments);
        }
        options.forEach(option -> parts.add(option.usage()));
        return String.join(" ", parts);
    }

    /**
     * Sorts words into options and arguments. {@code --} ends the options; {@code --name=value} is taken as well.
     *
     * @throws BadInputException one sentence that names the word at fault and what would be right
     */
    public Given parse(List<String> words) {
        var values = new LinkedHashMap<String, List<List<String>>>();
        var arguments = new ArrayList<String>();
        var left = new Words(words);
        boolean optionsOver = false;
        while (left.more()) {
            var word = left.next();
            if (optionsOver || !isOption(word)) {
                arguments.add(word);
            } else if (word.equals("--")) {
                optionsOver = true;
            } else {
                take(word, left, values);
            }
        }
        if (arguments.size() < least || arguments.size() > most) {
            throw wrongCount(arguments);
        }
        for (var option : options) {
            if (option.needed() && !values.containsKey(option.name())) {
                throw new BadInputException(name + " needs " + option.shape() + "; usage: " + usage());
            }
        }
        return new Given(values, List.copyOf(arguments));
    }

    private static boolean isOption(String word) {
        return word.startsWith("--");
    }

    private void take(String word, Words left, LinkedHashMap<String, List<List<String>>> values) {
        int equals = word.indexOf('=');
        var option = option(equals < 0 ? word : word.substring(0, equals));
        if (equals >= 0) {
            left.back(word.substring(equals + 1), option);
        }
        var taken = new ArrayList<String>();
        for (var value : option.values()) {
            if (!left.more() || isOption(left.peek())) {
                throw new BadInputException(name + " " + option.name() + " needs "
                        + (option.values().size() == 1 ? "a value: " : "two values: ") + option.shape() + " ("
                        + option.about() + ")");
            }
            taken.add(left.next());
        }
        var before = values.computeIfAbsent(option.name(), key -> new ArrayList<>());
        if (!before.isEmpty() && !option.repeats()) {
            throw new BadInputException(name + " takes " + option.name() + " once; leave one out");
        }
        before.add(taken);
    }

    private Option option(String word) {
        return options.stream().filter(option -> option.name().equals(word)).findFirst()
                .orElseThrow(() -> new BadInputException(name + " has no option " + word + "; " + known()));
    }

    private String known() {
        return options.isEmpty() ? "it has none"
                : "it has " + options.stream().map(Option::name).collect(Collectors.joining(", "));
    }

    private BadInputException wrongCount(List<String> given) {
        if (given.size() > most) {
            return new BadInputException(name + " has no use for '" + given.get(most) + "'; usage: " + usage());
        }
        return new BadInputException(name + " needs more; usage: " + usage());
    }

    /** Words yet to come. Confined. */
    private static final class Words {
        private final ArrayList<String> words;

        Words(List<String> words) {
            this.words = new ArrayList<>(words);
        }

        boolean more() {
            return !words.isEmpty();
        }

        String peek() {
            return words.getFirst();
        }

        String next() {
            return words.removeFirst();
        }

        void back(String value, Option option) {
            if (option.values().isEmpty()) {
                throw new BadInputException(option.name() + " takes no value; leave '=" + value + "' out");
            }
            words.addFirst(value);
        }
    }
}
