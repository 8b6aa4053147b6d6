// SPDX-License-Identifier: Apache-2.0
package mimir.engine.device;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mimir.api.BadInputException;

/**
 * What a word may mean. Immutable.
 *
 * @param devices all that can be meant
 * @param aliases names that people gave them: name to id
 * @param away names whose device is not here, and what that is
 */
record NameBook(List<Present> devices, Map<String, String> aliases, Map<String, String> away) {
    private static final int MOST_NAMED = 6;

    /** As {@link mimir.api.rig.Devices#named}. */
    List<String> named(String word) {
        var ids = devices.stream().map(Present::id).toList();
        if (ids.contains(word)) {
            return List.of(word);
        }
        if (aliases.containsKey(word)) {
            return List.of(aliases.get(word));
        }
        if (away.containsKey(word)) {
            throw new BadInputException(word + " is " + away.get(word) + ", which is not here" + thereAre(ids));
        }
        if (word.indexOf('*') >= 0 || word.indexOf('?') >= 0) {
            return fitting(word, ids);
        }
        var told = devices.stream().filter(device -> tells(device, word)).map(Present::id).toList();
        return told.isEmpty() ? beginning(word, ids) : only(word, told);
    }

    private List<String> fitting(String pattern, List<String> ids) {
        var regex = Pattern.compile(pattern.codePoints().mapToObj(c -> c == '*' ? ".*" : c == '?' ? "."
                : Pattern.quote(Character.toString(c))).collect(Collectors.joining()));
        var fitting = meant(ids, name -> regex.matcher(name).matches());
        if (fitting.isEmpty()) {
            throw new BadInputException("no source fits '" + pattern + "'" + thereAre(ids));
        }
        return fitting;
    }

    private static boolean tells(Present device, String word) {
        var identity = device.identity();
        return !word.isEmpty() && Stream.of(identity.serial(), identity.path(), identity.model(), device.device())
                .anyMatch(word::equals);
    }

    private List<String> beginning(String word, List<String> ids) {
        var begun = word.isBlank() ? List.<String>of() : meant(ids, name -> name.startsWith(word));
        if (begun.isEmpty()) {
            throw new BadInputException("there is no source '" + word + "'" + thereAre(ids));
        }
        return only(word, begun);
    }

    /** Ids of those whose id or alias fits. */
    private List<String> meant(List<String> ids, Predicate<String> fits) {
        var meant = new TreeSet<String>(ids.stream().filter(fits).toList());
        aliases.forEach((name, id) -> {
            if (fits.test(name)) {
                meant.add(id);
            }
        });
        return List.copyOf(meant);
    }

    private static List<String> only(String word, List<String> ids) {
        if (ids.size() > 1) {
            throw new BadInputException("'" + word + "' may be " + list(ids, " or ")
                    + "; type more of the one you mean");
        }
        return ids;
    }

    private static String thereAre(Collection<String> names) {
        return names.isEmpty() ? "; there is none" : (names.size() == 1 ? "; there is " : "; there are ")
                + list(names, " and ");
    }

    private static String list(Collection<String> names, String last) {
        var shown = new ArrayList<>(names.stream().sorted().limit(MOST_NAMED).toList());
        if (names.size() > MOST_NAMED) {
            shown.add(names.size() - MOST_NAMED + " more");
        }
        return shown.size() < 2 ? String.join("", shown)
                : String.join(", ", shown.subList(0, shown.size() - 1)) + last + shown.getLast();
    }
}
