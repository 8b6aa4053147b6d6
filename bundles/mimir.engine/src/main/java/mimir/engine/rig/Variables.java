// SPDX-License-Identifier: Apache-2.0
package mimir.engine.rig;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mimir.api.BadInputException;

/**
 * Fills <code>${name}</code> and <code>${name:default}</code> in the strings of a rig with what the command line gave,
 * and keeps account of what was used. Confined.
 */
final class Variables {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z][A-Za-z0-9-]*)(?::([^{}]*))?\\}");
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,18}(\\.\\d{1,18})?");
    private static final Pattern BOOLEAN = Pattern.compile("true|false");
    /** What the command line has options for. */
    private static final List<String> OPTIONS = List.of("data", "fps", "loop");

    private final Map<String, String> given;
    private final Set<String> used = new HashSet<>();

    Variables(Map<String, String> given) {
        this.given = Map.copyOf(given);
    }

    /**
     * The value of a string. One that is nothing but a variable whose default is a number or true or false is such a
     * value too; all others are text, so that a folder called 2024 stays a folder.
     */
    Object fill(RigText rig, String place, String text) {
        var variable = VARIABLE.matcher(text);
        if (variable.matches()) {
            var value = value(rig, place, variable.group(1), variable.group(2));
            return typed(rig, variable.group(1), variable.group(2), value);
        }
        var filled = variable.replaceAll(found ->
                Matcher.quoteReplacement(value(rig, place, found.group(1), found.group(2))));
        if (VARIABLE.matcher(text).replaceAll("").contains("${")) {
            throw rig.fault(place, "has a ${ that is no variable; write ${name} or ${name:default}");
        }
        return filled;
    }

    /** What was given and every rig has a use for; null for nothing. */
    String everywhere(String name) {
        if (given.containsKey(name)) {
            used.add(name);
        }
        return given.get(name);
    }

    private String value(RigText rig, String place, String name, String otherwise) {
        used.add(name);
        var value = given.getOrDefault(name, otherwise);
        if (value != null) {
            return value;
        }
        if (name.equals("data")) {
            throw new BadInputException(rig.label() + " needs a folder: give --data DIR");
        }
        throw rig.fault(place, OPTIONS.contains(name) ? "needs a value: give --" + name + " VALUE"
                : "needs a value, and no option gives ${" + name + "}: write the value in its place");
    }

    private static Object typed(RigText rig, String name, String otherwise, String value) {
        if (otherwise != null && BOOLEAN.matcher(otherwise).matches()) {
            if (!BOOLEAN.matcher(value).matches()) {
                throw new BadInputException(rig.label() + ": --" + name + " is '" + value + "'; give true or false");
            }
            return Boolean.valueOf(value);
        }
        if (otherwise != null && NUMBER.matcher(otherwise).matches()) {
            if (!NUMBER.matcher(value).matches()) {
                throw new BadInputException(rig.label() + ": --" + name + " is '" + value + "'; give a number");
            }
            return value.contains(".") ? (Object) Double.valueOf(value) : Long.valueOf(value);
        }
        return value;
    }

    /** Refuses what was given and means nothing to this rig. */
    void end(RigText rig) {
        var unused = new TreeSet<>(given.keySet());
        unused.removeAll(used);
        if (!unused.isEmpty()) {
            throw new BadInputException(rig.label() + " has no use for --" + unused.first() + "; leave it out"
                    + (used.isEmpty() ? "" : " (it knows " + String.join(", ", new TreeSet<>(used)) + ")"));
        }
    }
}
