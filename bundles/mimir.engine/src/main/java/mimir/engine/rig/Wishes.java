// SPDX-License-Identifier: Apache-2.0
package mimir.engine.rig;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a rig says of its devices beside how they are made. Immutable.
 *
 * @param aliases names for devices: name to identity
 * @param controls values to be set as soon as a device comes: by identity, then by name
 * @param stopped devices that stand until somebody starts them
 */
public record Wishes(Map<String, String> aliases, Map<String, Map<String, Object>> controls, List<String> stopped) {
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}._-]{0,62}");

    /** True for what may be an alias: a word that is no pattern, no path and no option. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    static Wishes read(Members rig) {
        var aliases = new LinkedHashMap<String, String>();
        var names = rig.object("aliases");
        if (names != null) {
            for (var name : names.all().keySet()) {
                if (!isName(name)) {
                    throw names.fault(name, "is no alias: a letter or digit, then letters, digits, . - or _, at most"
                            + " 63 in all");
                }
                aliases.put(name, names.text(name, "the id of a device"));
            }
        }
        var controls = new LinkedHashMap<String, Map<String, Object>>();
        var devices = rig.object("controls");
        if (devices != null) {
            devices.all().keySet().forEach(id -> controls.put(id, values(devices.object(id))));
        }
        return new Wishes(aliases, controls, rig.texts("stopped"));
    }

    private static Map<String, Object> values(Members controls) {
        var values = controls.all();
        values.forEach((name, value) -> {
            if (value instanceof Map || value instanceof List) {
                throw controls.fault(name, "must be a number, a text, true or false");
            }
        });
        return values;
    }

    /** Refuses what speaks of a device that the rig does not have. */
    void check(RigText text, Collection<String> ids) {
        aliases.forEach((name, id) -> {
            require(text, ids, "aliases." + name, id);
            if (ids.contains(name)) {
                throw text.fault("aliases." + name, "is the id of a device; give the alias another name");
            }
        });
        controls.keySet().forEach(id -> require(text, ids, "controls", id));
        stopped.forEach(id -> require(text, ids, "stopped", id));
    }

    private static void require(RigText text, Collection<String> ids, String place, String id) {
        if (!ids.contains(id)) {
            throw text.fault(place, "names '" + id + "', which is no device of this rig; it has "
                    + String.join(", ", ids));
        }
    }
}
