// SPDX-License-Identifier: Apache-2.0
package mimir.api.rig;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mimir.api.BadInputException;

/**
 * Strict look at one object of a rig, for drivers that read their entries: each member is asked for by name and range,
 * and one that nobody asked for is a fault. Every fault is a {@link BadInputException} with one sentence that names the
 * place. Confined; control threads only.
 */
// No switch over types: the JVM makes a class for each, and the gap of a swap lasts until it is done.
public final class Members {
    private final String where;
    private final Map<?, ?> values;
    private final Set<String> asked = new LinkedHashSet<>();

    /**
     * The members of one object.
     *
     * @param where begins every sentence: {@code sim.camera.1:} of an entry, {@code sim.camera.1: scenario} inside it
     * @param values what a rig, a configuration or JSON gave: text, numbers, true or false, lists and maps
     */
    public Members(String where, Map<?, ?> values) {
        this.where = where;
        this.values = values;
    }

    /** Place of a member: {@code sim.camera.1: scenario.clock.driftPpm}. */
    public String place(String name) {
        return where + (where.endsWith(":") ? " " : ".") + name;
    }

    /** A fault of this object as a whole. */
    public BadInputException fault(String sentence) {
        return new BadInputException(where + (where.endsWith(":") ? " " : ": ") + sentence);
    }

    /** True when it is there, whatever it is. */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    private Object value(String name) {
        asked.add(name);
        return values.get(name);
    }

    /** A member that is an object; without members when it is left out. */
    public Members object(String name) {
        var value = value(name);
        if (value == null || value instanceof Map<?, ?>) {
            return new Members(place(name), value == null ? Map.of() : (Map<?, ?>) value);
        }
        throw wrong(name, "an object in braces", value);
    }

    /** A member that is an object with names of its own, whole numbers as {@code Long}; empty when it is left out. */
    public Map<String, Object> map(String name) {
        var members = new LinkedHashMap<String, Object>();
        object(name).values.forEach((key, member) ->
                members.put((String) key, member instanceof Integer whole ? Long.valueOf(whole) : member));
        return members;
    }

    /** A member that is an array of objects; empty when it is left out. */
    public List<Members> objects(String name) {
        var objects = new ArrayList<Members>();
        for (var element : array(name)) {
            var place = place(name) + "[" + objects.size() + "]";
            if (!(element instanceof Map<?, ?> object)) {
                throw new BadInputException(place + " must be an object in braces, not " + element);
            }
            objects.add(new Members(place, object));
        }
        return objects;
    }

    /** A member that is an array of whole numbers from 0 on; empty when it is left out. */
    public List<Long> wholes(String name) {
        var wholes = new ArrayList<Long>();
        for (var element : array(name)) {
            if (!isWhole(element) || ((Number) element).longValue() < 0) {
                throw new BadInputException(place(name) + " must hold whole numbers from 0 on, not " + element);
            }
            wholes.add(((Number) element).longValue());
        }
        return wholes;
    }

    private List<?> array(String name) {
        var value = value(name);
        if (value == null || value instanceof List<?>) {
            return value == null ? List.of() : (List<?>) value;
        }
        throw wrong(name, "an array in brackets", value);
    }

    /**
     * A number from {@code least} to {@code most}; {@code otherwise} when it is left out, NaN there: it must not be
     * left out.
     */
    public double number(String name, double otherwise, double least, double most) {
        var value = value(name);
        if (value != null && !(value instanceof Number)) {
            throw wrong(name, "a number", value);
        }
        double number = value instanceof Number given ? given.doubleValue() : otherwise;
        if (!(number >= least && number <= most)) {
            var found = has(name) ? " is " + values.get(name) + ", but it must be" : " is missing; give it";
            throw new BadInputException(place(name) + found + " from " + plain(least) + " to " + plain(most));
        }
        return number;
    }

    private static boolean isWhole(Object value) {
        return value instanceof Integer || value instanceof Long;
    }

    /** A whole number from {@code least} to {@code most}; {@code otherwise} when it is left out. */
    public long whole(String name, long otherwise, long least, long most) {
        var value = value(name);
        if (value != null && !isWhole(value)) {
            throw wrong(name, "a whole number", value);
        }
        long whole = value instanceof Number given ? given.longValue() : otherwise;
        if (whole < least || whole > most) {
            throw new BadInputException(place(name) + " is " + whole + ", but it must be from " + least + " to "
                    + most);
        }
        return whole;
    }

    /** One of some words; {@code otherwise} when it is left out, null there: it must not be left out. */
    public String word(String name, String otherwise, List<String> words) {
        var word = value(name) == null ? otherwise : values.get(name);
        if (!(word instanceof String text && words.contains(text))) {
            throw new BadInputException(place(name) + (word == null ? " is missing" : " is " + word) + "; give one of "
                    + String.join(", ", words));
        }
        return (String) word;
    }

    /** A string; {@code otherwise} when it is left out. */
    public String text(String name, String otherwise) {
        var value = value(name);
        if (value == null || value instanceof String) {
            return value == null ? otherwise : (String) value;
        }
        throw wrong(name, "a string", value);
    }

    /** True or false; false when it is left out. */
    public boolean flag(String name) {
        var value = value(name);
        if (value == null || value instanceof Boolean) {
            return Boolean.TRUE.equals(value);
        }
        throw wrong(name, "true or false", value);
    }

    /** Call when everything was asked for: a member that nobody knows is a mistake of the writer's. */
    public void end() {
        for (var name : values.keySet()) {
            if (!asked.contains(name)) {
                throw fault("there is no member '" + name + "'; there are " + String.join(", ", asked));
            }
        }
    }

    private BadInputException wrong(String name, String wanted, Object given) {
        var shown = given instanceof String text ? "the text \"" + text + "\"" : given;
        return new BadInputException(place(name) + " must be " + wanted + ", not " + shown);
    }

    private static String plain(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e15 ? Long.toString((long) number)
                : Double.toString(number);
    }
}
