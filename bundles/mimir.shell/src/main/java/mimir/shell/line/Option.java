// SPDX-License-Identifier: Apache-2.0
package mimir.shell.line;

import java.util.List;

/**
 * One option of a command or of the command line. Immutable.
 *
 * @param name with its dashes: {@code --last}
 * @param values what it takes, as usage shows it: {@code DIR}; empty for a flag
 * @param needed true when it may not be left out
 * @param repeats true when it may be given more than once
 * @param about what it does, for help
 */
public record Option(String name, List<String> values, boolean needed, boolean repeats, String about) {
    /** Lists are copied. */
    public Option {
        values = List.copyOf(values);
    }

    /** An option without a value. */
    public static Option flag(String name, String about) {
        return new Option(name, List.of(), false, false, about);
    }

    /** An option with one value, given at most once. */
    public static Option value(String name, String value, String about) {
        return new Option(name, List.of(value), false, false, about);
    }

    /** An option with one value, given once. */
    public static Option needed(String name, String value, String about) {
        return new Option(name, List.of(value), true, false, about);
    }

    /** An option with values, given any number of times. */
    public static Option repeated(String name, List<String> values, String about) {
        return new Option(name, values, false, true, about);
    }

    /** {@code --source ID} */
    public String shape() {
        return values.isEmpty() ? name : name + " " + String.join(" ", values);
    }

    /** {@code [--source ID]…} */
    public String usage() {
        return (needed ? shape() : "[" + shape() + "]") + (repeats ? "…" : "");
    }
}
