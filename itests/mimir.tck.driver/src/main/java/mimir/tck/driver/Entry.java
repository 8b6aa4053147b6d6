// SPDX-License-Identifier: Apache-2.0
package mimir.tck.driver;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a rig says of one device, without its driver. Immutable.
 *
 * @param json its members, as JSON has them
 */
record Entry(Map<String, Object> json) {

    /** As {@link mimir.api.source.Driver#plan} takes them: objects and arrays as text. */
    Map<String, Object> members() {
        var members = new LinkedHashMap<String, Object>();
        json.forEach((name, value) -> members.put(name, value instanceof Map || value instanceof List ? text(value)
                : value instanceof Integer whole ? (Object) whole.longValue() : value));
        return members;
    }

    /** As an entry of a rig. */
    Map<String, Object> of(String driver) {
        var entry = new LinkedHashMap<String, Object>();
        entry.put("driver", driver);
        entry.putAll(json);
        return entry;
    }

    /** As text, for sentences. */
    String text() {
        return text(json);
    }

    private static String text(Object value) {
        try {
            return JSON.std.asString(value);
        } catch (IOException impossible) {
            throw new UncheckedIOException("members in memory could not be written", impossible);
        }
    }
}
