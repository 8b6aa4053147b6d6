// SPDX-License-Identifier: Apache-2.0
package mimir.driver.ps3eye;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mimir.api.BadInputException;

/**
 * Strict look at the members of an entry: each is asked for, and one that nobody asked for is a fault. Every fault is a
 * {@link BadInputException} with one sentence. Confined.
 */
final class Members {
    private static final JSON STRICT = JSON.builder(
            JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build()).build();

    private final String where;
    private final Map<String, Object> values;
    private final Set<String> asked = new LinkedHashSet<>();

    Members(String where, Map<String, Object> values) {
        this.where = where;
        this.values = values;
    }

    /** Place of a member. */
    String place(String name) {
        return where + (where.endsWith(":") ? " " : ".") + name;
    }

    BadInputException fault(String sentence) {
        return new BadInputException(where + (where.endsWith(":") ? " " : ": ") + sentence);
    }

    private Object value(String name) {
        asked.add(name);
        return values.get(name);
    }

    /** A member that is an object, in braces or as its JSON text; without members when it is left out. */
    Members object(String name) {
        return new Members(place(name), map(name));
    }

    /** The same as a map. */
    Map<String, Object> map(String name) {
        var value = value(name);
        if (value instanceof String json) {
            value = parse(name, json);
        }
        if (value == null) {
            return Map.of();
        }
        if (!(value instanceof Map<?, ?> object)) {
            throw wrong(name, "an object in braces", value);
        }
        var members = new LinkedHashMap<String, Object>();
        object.forEach((key, member) -> members.put((String) key, widened(member)));
        return members;
    }

    private Object parse(String name, String json) {
        try {
            return STRICT.anyFrom(json);
        } catch (JacksonException malformed) {
            throw new BadInputException(place(name) + " is not valid JSON: " + malformed.getOriginalMessage());
        } catch (IOException unreadable) {
            throw new BadInputException(place(name) + " cannot be read: " + unreadable.getMessage());
        }
    }

    private static Object widened(Object value) {
        return value instanceof Integer whole ? Long.valueOf(whole) : value;
    }

    /** A whole number; {@code otherwise} when it is left out. */
    long whole(String name, long otherwise) {
        var value = widened(value(name));
        if (value == null || value instanceof Long) {
            return value == null ? otherwise : (Long) value;
        }
        throw wrong(name, "a whole number", value);
    }

    /** A number; {@code otherwise} when it is left out. */
    double number(String name, double otherwise) {
        var value = value(name);
        if (value == null || value instanceof Number) {
            return value == null ? otherwise : ((Number) value).doubleValue();
        }
        throw wrong(name, "a number", value);
    }

    /** One of some words; the first when it is left out. */
    String word(String name, List<String> words) {
        var word = value(name) == null ? words.getFirst() : values.get(name);
        if (!(word instanceof String text && words.contains(text))) {
            throw new BadInputException(place(name) + " is " + word + "; give one of " + String.join(", ", words));
        }
        return (String) word;
    }

    /** A text; empty when it is left out. */
    String text(String name) {
        var value = value(name);
        if (value == null || value instanceof String) {
            return value == null ? "" : (String) value;
        }
        throw wrong(name, "a text", value);
    }

    boolean flag(String name) {
        var value = value(name);
        if (value == null || value instanceof Boolean) {
            return Boolean.TRUE.equals(value);
        }
        throw wrong(name, "true or false", value);
    }

    /** Call when everything was asked for. */
    void end() {
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
}
