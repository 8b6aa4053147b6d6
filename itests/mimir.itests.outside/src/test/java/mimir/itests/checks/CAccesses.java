// SPDX-License-Identifier: Apache-2.0
package mimir.itests.checks;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.regex.Pattern;

/**
 * Finds what a C source of the ring does to shared words: the compiler's atomic operations, fences, and plain accesses
 * to members of the header, of the hints page and to generations.
 *
 * <p>Threads: confined.
 */
final class CAccesses {
    private static final Pattern FUNCTION = Pattern.compile("(?m)^[a-z][^;={}]*?\\b(\\w+)\\([^;]*?\\) \\{");
    private static final Pattern CALL = Pattern.compile("__atomic_(\\w+?)(?:_n)?\\(");
    private static final Pattern ORDER = Pattern.compile("__ATOMIC_(\\w+)");
    private static final Pattern MEMBER = Pattern.compile("(\\w+)(?:\\[[^\\]]*\\])?$");
    private static final Pattern PLAIN =
        Pattern.compile("(?<![&>\\w])(?:(?:\\w+->)*?(?:header|h|hints|page)->(\\w+)|\\w+->(generation))\\b");

    private final String file;
    private final SourceText source;
    private final NavigableMap<Integer, String> functions;
    private final List<HotAccess> found = new ArrayList<>();

    private CAccesses(String file, String text) {
        this.file = file;
        this.source = SourceText.of(text);
        this.functions = source.functions(FUNCTION);
    }

    static List<HotAccess> of(String file, String text) {
        var scan = new CAccesses(file, text);
        scan.atomics();
        scan.plain();
        return scan.found.stream().sorted(Comparator.comparingInt(HotAccess::from)).toList();
    }

    private void atomics() {
        for (var calls = CALL.matcher(source.text()); calls.find();) {
            var arguments = source.arguments(calls.end() - 1);
            var order = ORDER.matcher(source.text()).region(calls.end(), source.text().length());
            if (!order.find()) {
                throw new IllegalStateException("no order in " + arguments);
            }
            var mode = calls.group(1) + "." + order.group(1).toLowerCase(Locale.ROOT);
            boolean fence = calls.group(1).endsWith("fence");
            add(fence ? "" : member(arguments.getFirst()), fence ? mode.replace("thread_", "") : mode, order.start(1),
                order.end(1));
        }
    }

    /** The member that is pointed to, or the pointer's own name. */
    private static String member(String pointer) {
        var member = MEMBER.matcher(pointer);
        return member.find() ? member.group(1) : "?";
    }

    private void plain() {
        for (var members = PLAIN.matcher(source.text()); members.find();) {
            var word = members.group(1) == null ? members.group(2) : members.group(1);
            add(word, "plain", members.start(), members.end());
        }
    }

    private void add(String word, String mode, int from, int to) {
        var place = file + ":" + functions.floorEntry(from).getValue();
        found.add(new HotAccess(place, source.line(from), word, mode, from, to));
    }
}
