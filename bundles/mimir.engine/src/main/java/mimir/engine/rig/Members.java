// SPDX-License-Identifier: Apache-2.0
package mimir.engine.rig;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mimir.api.BadInputException;

/** The members of one object of a rig: each is asked for by name, and {@link #end} refuses the others. Confined. */
final class Members {
    private final RigText rig;
    private final String place;
    private final Map<String, Object> members;
    private final Set<String> known = new LinkedHashSet<>();

    Members(RigText rig, String place, Map<String, Object> members) {
        this.rig = rig;
        this.place = place;
        this.members = members;
    }

    String place() {
        return place;
    }

    boolean has(String name) {
        return members.containsKey(name);
    }

    /** A text that must be there; {@code what} says what it should hold. */
    String text(String name, String what) {
        known.add(name);
        return switch (members.get(name)) {
            case null -> throw rig.fault(place, "has no " + name + "; give " + what);
            case String text when !text.isBlank() -> text;
            case String blank -> throw rig.fault(inside(name), "is empty; give " + what);
            default -> throw wrong(name, "text: " + what + " in quotes");
        };
    }

    /** A text, or null when it is not there. */
    String textOrNone(String name, String what) {
        known.add(name);
        return has(name) ? text(name, what) : null;
    }

    /** A number, or null when it is not there. */
    Double numberOrNone(String name) {
        known.add(name);
        return switch (members.get(name)) {
            case null -> null;
            case Number number -> number.doubleValue();
            default -> throw wrong(name, "a number without quotes");
        };
    }

    /** A whole number that must be there. */
    long whole(String name) {
        known.add(name);
        return switch (members.get(name)) {
            case null -> throw rig.fault(place, "has no " + name + "; give a whole number");
            case Long number -> number;
            default -> throw wrong(name, "a whole number without quotes");
        };
    }

    /** An object, or null when it is not there. */
    Members object(String name) {
        known.add(name);
        var value = members.get(name);
        return value == null ? null : members(inside(name), value);
    }

    /** The objects of an array that must be there. */
    List<Members> objects(String name) {
        known.add(name);
        if (!(members.get(name) instanceof List<?> list)) {
            throw has(name) ? wrong(name, "an array of objects: [ { … } ]")
                    : rig.fault(place, "has no " + name + "; give an array of objects");
        }
        var objects = new ArrayList<Members>();
        for (var item : list) {
            objects.add(members(inside(name) + "[" + objects.size() + "]", item));
        }
        return objects;
    }

    private Members members(String where, Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            throw rig.fault(where, "must be an object: { … }");
        }
        var typed = new LinkedHashMap<String, Object>();
        map.forEach((name, member) -> typed.put((String) name, member));
        return new Members(rig, where, typed);
    }

    /** The texts of an array; empty when it is not there. */
    List<String> texts(String name) {
        known.add(name);
        if (!has(name)) {
            return List.of();
        }
        if (members.get(name) instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
            return list.stream().map(String.class::cast).toList();
        }
        throw wrong(name, "an array of texts: [ \"…\" ]");
    }

    /** All members, in order. */
    Map<String, Object> all() {
        return new LinkedHashMap<>(members);
    }

    /** A fault of one member. */
    BadInputException fault(String name, String sentence) {
        return rig.fault(inside(name), sentence);
    }

    /** All members but {@code driver}. */
    Map<String, Object> rest() {
        var rest = new LinkedHashMap<>(members);
        rest.remove("driver");
        return rest;
    }

    /** Refuses members that nobody asked for. */
    void end(String what) {
        for (var name : members.keySet()) {
            if (!known.contains(name)) {
                throw rig.fault(inside(name), "is unknown; " + what + " has " + String.join(", ", known));
            }
        }
    }

    private BadInputException wrong(String name, String expected) {
        return rig.fault(inside(name), "must be " + expected);
    }

    private String inside(String name) {
        return place.isEmpty() ? name : place + "." + name;
    }
}
