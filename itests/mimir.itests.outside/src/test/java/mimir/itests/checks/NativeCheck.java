// SPDX-License-Identifier: Apache-2.0
package mimir.itests.checks;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What the C of the fragments may call: nothing that allocates, grows, locks or talks on the way of an item, and no
 * policy anywhere. The way of an item is every function that those which handle items call, through all sources.
 *
 * <p>Threads: confined.
 */
final class NativeCheck {
    /** Where an item begins its way: the loop of a driver's worker, a stage, what writers and readers call. */
    private static final Pattern ROOT =
        Pattern.compile("work|(grey|motion|corners|flow|level|spectrum)_(due|process)"
            + "|mimir_ring_(claim|stage|publish|commit|drop|abort|room|next|release|verify)");
    private static final Pattern ON_THE_WAY = Pattern.compile("\\w*alloc|free|\\w*strdup|mmap|munmap|open|fopen|read"
        + "|write|\\w*printf|puts|syslog|getenv|pthread_(mutex|cond|rwlock|spin|barrier)_\\w+|sem_\\w+|mtx_\\w+"
        + "|cnd_\\w+|EnterCriticalSection|Acquire\\w*SRW\\w*|Virtual\\w+|Heap\\w+");
    private static final Pattern GROWS = Pattern.compile("realloc|reallocarray");
    private static final Pattern POLICY = Pattern.compile("sched_set\\w+|pthread_set(sched\\w+|affinity_np)|setpriority"
        + "|nice|mlockall|setrlimit|SetThread(Priority|Affinity)\\w*|SetPriorityClass|AvSet\\w+|getenv|system|popen"
        + "|exec\\w+|fork|socket|syslog|fopen|v?f?printf|puts");
    private static final Pattern CONTAINER = Pattern.compile("std::(deque|vector|list|queue|map|string|mutex)\\b");
    private static final Pattern FUNCTION = Pattern.compile("(?m)^[a-z][^;={}]*?\\b(\\w+)\\([^;]*?\\) \\{");
    private static final Pattern CALL = Pattern.compile("\\b(\\w+)\\(");

    /** One function of one file, and what its text calls. */
    private record Function(String file, String name, List<String> calls) {
        @Override
        public String toString() {
            return file + ":" + name;
        }
    }

    private final Map<String, List<Function>> functions = new TreeMap<>();
    private final List<String> offences = new ArrayList<>();

    private NativeCheck() {
    }

    /** Says each offence in sources, by their paths below {@code native-fragments}. */
    static List<String> offences(Map<String, String> sources) {
        var check = new NativeCheck();
        sources.forEach(check::read);
        check.everywhere();
        check.onTheWay();
        return check.offences;
    }

    private void read(String file, String source) {
        var text = SourceText.of(source);
        var starts = text.functions(FUNCTION);
        for (var start : starts.entrySet()) {
            var next = starts.higherKey(start.getKey());
            var body = text.text().substring(start.getKey(), next == null ? text.text().length() : next);
            var calls = CALL.matcher(body).results().map(hit -> hit.group(1))
                .filter(name -> !name.equals(start.getValue())).distinct().toList();
            functions.computeIfAbsent(start.getValue(), name -> new ArrayList<>())
                .add(new Function(file, start.getValue(), calls));
        }
        CONTAINER.matcher(text.text()).results().map(MatchResult::group).distinct()
            .forEach(type -> offences.add(file + " uses " + type + ": a fixed ring of its own instead"));
    }

    private void everywhere() {
        for (var function : functions.values().stream().flatMap(List::stream).toList()) {
            report(function, GROWS, "which grows: a device has its memory before it starts");
            if (function.file.startsWith("mimir.")) {
                report(function, POLICY, "which is policy: what and when is decided in Java");
            }
        }
    }

    private void onTheWay() {
        var open = new ArrayDeque<Function>();
        functions.forEach((name, all) -> open.addAll(ROOT.matcher(name).matches() ? all : List.of()));
        Set<Function> seen = new LinkedHashSet<>(open);
        while (!open.isEmpty()) {
            var function = open.poll();
            report(function, ON_THE_WAY, "on the way of an item");
            function.calls.stream().flatMap(name -> called(function.file, name).stream()).filter(seen::add)
                .forEach(open::add);
        }
    }

    /** A function of the same file hides those of others. */
    private List<Function> called(String file, String name) {
        var all = functions.getOrDefault(name, List.of());
        var own = all.stream().filter(function -> function.file.equals(file)).toList();
        return own.isEmpty() ? all : own;
    }

    private void report(Function function, Pattern banned, String why) {
        function.calls.stream().filter(name -> banned.matcher(name).matches())
            .forEach(name -> offences.add(function + " calls " + name + ", " + why));
    }
}
