// SPDX-License-Identifier: Apache-2.0
package mimir.itests.checks;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The rules of {@code cnf/hot-words}: modes by word for Java and C, the order of events by place, files left out.
 *
 * <p>Threads: immutable.
 */
record HotWords(Map<String, Word> words, Map<String, List<String>> orders, Set<String> notFiles) {

    /** What is allowed for one word; a counted one takes no part in orders. */
    record Word(boolean counted, Set<String> java, Set<String> c) {
        boolean allows(HotAccess access) {
            return java.contains(access.mode()) || c.contains(access.mode());
        }
    }

    static HotWords parse(List<String> lines) {
        var words = new HashMap<String, Word>();
        var orders = new HashMap<String, List<String>>();
        var notFiles = new HashSet<String>();
        for (var line : lines.stream().map(String::strip).filter(l -> !l.isEmpty() && !l.startsWith("#")).toList()) {
            var tokens = List.of(line.split("\\s+"));
            var rest = tokens.subList(2, tokens.size());
            switch (tokens.getFirst()) {
                case "word", "count" -> words.put(tokens.get(1), word(tokens.getFirst(), rest));
                case "in" -> orders.put(tokens.get(1), rest);
                case "not" -> notFiles.add(tokens.get(1));
                default -> throw new IllegalArgumentException("cnf/hot-words: word, count, in or not, but: " + line);
            }
        }
        return new HotWords(Map.copyOf(words), Map.copyOf(orders), Set.copyOf(notFiles));
    }

    private static Word word(String kind, List<String> modes) {
        int bar = modes.indexOf("|");
        if (bar < 0) {
            throw new IllegalArgumentException("cnf/hot-words: modes of Java | modes of C, but: " + modes);
        }
        return new Word(kind.equals("count"), Set.copyOf(modes.subList(0, bar)),
            Set.copyOf(modes.subList(bar + 1, modes.size())));
    }

    /** Does a rule of order speak about this access? */
    boolean orders(HotAccess access) {
        return access.word().isEmpty() || words.containsKey(access.word()) && !words.get(access.word()).counted();
    }
}
