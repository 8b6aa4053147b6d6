// SPDX-License-Identifier: Apache-2.0
package mimir.shell.line;

import java.util.List;
import java.util.Map;

/**
 * What was typed, sorted by {@link Syntax#parse}. Immutable.
 *
 * @param options values of each option that was given, once for each time
 * @param arguments the words that are no options
 */
public record Given(Map<String, List<List<String>>> options, List<String> arguments) {
    /** True when the option was given. */
    public boolean has(String option) {
        return options.containsKey(option);
    }

    /** The value of an option with one value, or the default. */
    public String value(String option, String otherwise) {
        return has(option) ? options.get(option).getFirst().getFirst() : otherwise;
    }

    /** The values of an option that repeats, each time it was given. */
    public List<List<String>> all(String option) {
        return options.getOrDefault(option, List.of());
    }

    /** The first values of an option that repeats. */
    public List<String> values(String option) {
        return all(option).stream().map(List::getFirst).toList();
    }
}
