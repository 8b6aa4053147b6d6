// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Names as people type them: whole, or as a pattern with {@code *} and {@code ?}. Immutable. */
final class Names {
    private Names() {
    }

    static boolean isPattern(String word) {
        return word.indexOf('*') >= 0 || word.indexOf('?') >= 0;
    }

    /** Those that fit, in order. */
    static List<String> fitting(String pattern, Collection<String> names) {
        var regex = pattern.chars().mapToObj(c -> c == '*' ? ".*" : c == '?' ? "."
                : Pattern.quote(Character.toString(c))).collect(Collectors.joining());
        return names.stream().filter(name -> name.matches(regex)).sorted().distinct().toList();
    }

    /** {@code a, b and c}, for sentences. */
    static String list(Collection<String> names) {
        var all = List.copyOf(names);
        return all.size() < 2 ? String.join("", all)
                : String.join(", ", all.subList(0, all.size() - 1)) + " and " + all.getLast();
    }

    /** {@code ; there are a and b}, the end of a sentence about a name that is not among them. */
    static String thereAre(Collection<String> names) {
        return names.isEmpty() ? "; there is none" : names.size() == 1 ? "; there is " + list(names)
                : "; there are " + list(names);
    }
}
