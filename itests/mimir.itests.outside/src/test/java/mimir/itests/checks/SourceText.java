// SPDX-License-Identifier: Apache-2.0
package mimir.itests.checks;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The text of a C or Java source with its comments blanked, so that offsets stay: enough of a parser for a house style.
 *
 * <p>Threads: immutable.
 */
record SourceText(String text) {
    private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/|//[^\n]*", Pattern.DOTALL);

    static SourceText of(String source) {
        return new SourceText(COMMENT.matcher(source).replaceAll(hit -> hit.group().replaceAll("[^\n]", " ")));
    }

    /** Arguments of the call whose opening parenthesis stands at {@code open}. */
    List<String> arguments(int open) {
        var found = new ArrayList<String>();
        int depth = 0;
        int from = open + 1;
        for (int at = open; at < text.length(); at++) {
            char c = text.charAt(at);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth == 0 || depth == 1 && c == ',') {
                found.add(text.substring(from, at).strip());
                from = at + 1;
            }
            if (depth == 0) {
                return found;
            }
        }
        throw new IllegalStateException("a parenthesis is never closed: " + text.substring(open, open + 40));
    }

    int line(int at) {
        int line = 1;
        for (int i = text.indexOf('\n'); i >= 0 && i < at; i = text.indexOf('\n', i + 1)) {
            line++;
        }
        return line;
    }

    /** Where functions begin, by group 1 of what matches their first line. */
    NavigableMap<Integer, String> functions(Pattern heading) {
        var functions = new TreeMap<Integer, String>();
        heading.matcher(text).results().forEach(hit -> functions.put(hit.start(), hit.group(1)));
        functions.put(0, "");
        return functions;
    }
}
