// SPDX-License-Identifier: Apache-2.0
package mimir.itests.checks;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.regex.Pattern;

/**
 * Finds what a Java source of the ring does to shared words: calls of var handles, plain accesses through {@code Abi},
 * and fences. A word is known by its constant, {@code Abi.H_HEAD}; a var handle of a field by its own name.
 *
 * <p>Threads: confined.
 */
final class JavaAccesses {
    private static final Pattern METHOD = Pattern.compile("(?m)^    (?! )[^=;\n]*?\\b(\\w+)\\([^;]*?\\)[^;{]*\\{$");
    private static final Pattern HANDLE =
        Pattern.compile("\\b([A-Z][A-Z_]*)\\.((?:get|set|compareAnd|weakCompareAnd)\\w*)\\(");
    private static final Pattern PLAIN =
        Pattern.compile("\\b(?:Abi\\.)?(get|put)(?:Long|Int)\\(|(?<!LONG|INT)\\.(get|set)\\(");
    private static final Pattern FENCE = Pattern.compile("\\bVarHandle\\.(\\w+Fence)\\(\\);");
    private static final Pattern WORD = Pattern.compile("\\b([HDWS])_([A-Z_0-9]+)\\b");

    private final String type;
    private final SourceText source;
    private final NavigableMap<Integer, String> functions;
    private final List<HotAccess> found = new ArrayList<>();

    private JavaAccesses(String type, String text) {
        this.type = type;
        this.source = SourceText.of(text);
        this.functions = source.functions(METHOD);
    }

    static List<HotAccess> of(String type, String text) {
        var scan = new JavaAccesses(type, text);
        scan.handles();
        scan.plain();
        scan.fences();
        return scan.found.stream().sorted(Comparator.comparingInt(HotAccess::from)).toList();
    }

    private void handles() {
        for (var calls = HANDLE.matcher(source.text()); calls.find();) {
            boolean inRegion = calls.group(1).equals("LONG") || calls.group(1).equals("INT");
            var arguments = source.arguments(calls.end() - 1);
            var word = inRegion ? word(arguments.get(1)) : calls.group(1).toLowerCase(Locale.ROOT);
            add(word, calls.group(2), calls.start(2), calls.end(2));
        }
    }

    private void plain() {
        for (var calls = PLAIN.matcher(source.text()); calls.find();) {
            var arguments = source.arguments(calls.end() - 1);
            boolean shared = arguments.size() > 1 && !arguments.getFirst().equals("copy"); // a reader's own bytes
            var word = shared ? word(arguments.get(1)) : "?";
            if (!word.equals("?")) {
                add(word, calls.group().contains("get") ? "get" : "set", calls.start(), calls.end());
            }
        }
    }

    private void fences() {
        for (var fences = FENCE.matcher(source.text()); fences.find();) {
            add("", fences.group(1), fences.start(), fences.end());
        }
    }

    /** Words of the descriptor are plain data, but for its generation. */
    private static String word(String offset) {
        var word = WORD.matcher(offset);
        if (!word.find()) {
            return "?";
        }
        var name = word.group(2).toLowerCase(Locale.ROOT);
        return word.group(1).equals("D") && !name.equals("generation") ? "?" : name;
    }

    private void add(String word, String mode, int from, int to) {
        var place = type + "." + functions.floorEntry(from).getValue();
        found.add(new HotAccess(place, source.line(from), word, mode, from, to));
    }
}
