// SPDX-License-Identifier: Apache-2.0
package mimir.itests.checks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Holds sources against {@link HotWords}. Sources are given by name: {@code RingWriter.java}, {@code linux/wait.c}.
 *
 * <p>Threads: immutable.
 */
record HotWordCheck(HotWords rules) {
    private static final Set<String> PLAIN = Set.of("get", "set", "plain");

    /** Everything that the rules do not allow, or that they speak about and that is not there any more. */
    List<String> offences(Map<String, String> sources) {
        return offencesOf(accesses(sources));
    }

    /** The same for sources that were read before. */
    List<String> offencesOf(Map<String, List<HotAccess>> sources) {
        var offences = new ArrayList<String>();
        var places = new TreeMap<String, List<String>>();
        for (var access : sources.values().stream().flatMap(List::stream).toList()) {
            wrongMode(access, offences);
            if (rules.orders(access)) {
                places.computeIfAbsent(access.place(), place -> new ArrayList<>()).add(access.event());
            }
        }
        rules.orders().forEach((place, events) -> {
            var found = places.getOrDefault(place, List.of());
            if (!found.equals(events)) {
                offences.add(place + " does " + found + ", cnf/hot-words says " + events);
            }
        });
        return offences;
    }

    Map<String, List<HotAccess>> accesses(Map<String, String> sources) {
        var found = new TreeMap<String, List<HotAccess>>();
        sources.forEach((name, text) -> found.put(name, accesses(name, text)));
        return found;
    }

    List<HotAccess> accesses(String name, String text) {
        if (rules.notFiles().contains(name)) {
            return List.of();
        }
        return name.endsWith(".java") ? JavaAccesses.of(name.replace(".java", ""), text) : CAccesses.of(name, text);
    }

    private void wrongMode(HotAccess access, List<String> offences) {
        var word = rules.words().get(access.word());
        if (access.word().isEmpty() || word == null && PLAIN.contains(access.mode())) {
            return;
        }
        if (word == null) {
            offences.add(access + ": cnf/hot-words does not know the word");
        } else if (!word.allows(access)) {
            offences.add(access + ": cnf/hot-words does not allow it");
        }
    }
}
