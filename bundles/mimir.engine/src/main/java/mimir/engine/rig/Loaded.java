// SPDX-License-Identifier: Apache-2.0
package mimir.engine.rig;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import mimir.api.BadInputException;
import mimir.api.rig.Rigs.Rig;

/**
 * The rig that is loaded, and what people changed of it since. Thread-safe.
 *
 * @param plan its devices
 * @param stopped those that stand
 * @param aliases its own names for devices; they are not kept when it goes
 * @param fresh devices whose controls are yet to be set as the rig says; taken once each
 */
public record Loaded(Plan plan, Set<String> stopped, Map<String, String> aliases,
        Map<String, Map<String, Object>> fresh) {

    static Loaded of(Plan plan) {
        var wishes = plan.spec().wishes();
        return new Loaded(plan, new ConcurrentSkipListSet<>(wishes.stopped()),
                new ConcurrentSkipListMap<>(wishes.aliases()), new ConcurrentHashMap<>(wishes.controls()));
    }

    /** What it is called. */
    public String name() {
        return plan.spec().name();
    }

    /** Identities of all its devices, in order, and the names of their drivers. */
    public Map<String, String> drivers() {
        var drivers = new LinkedHashMap<String, String>();
        plan.devices().forEach(device -> drivers.put(device.id(), device.driver()));
        return drivers;
    }

    Rig rig() {
        return new Rig(name(), wanted());
    }

    /** Identities of the devices that should run. */
    List<String> wanted() {
        return plan.ids().stream().filter(id -> !stopped.contains(id)).toList();
    }

    Plan.Device device(String id) {
        return plan.devices().stream().filter(device -> device.id().equals(id)).findFirst().orElseThrow(() ->
                new BadInputException(id + " is no device of rig " + name() + ": only its own can be stopped"));
    }

    /** What the rig says of a device's controls, the first time that it is asked. */
    public Optional<Map<String, Object>> controlsOnce(String id) {
        return Optional.ofNullable(fresh.remove(id));
    }

    /** The text of a rig that brings up what runs now (docs/rigs.md). */
    public String text(Map<String, String> names, Map<String, Map<String, Object>> controls) {
        var spec = plan.spec();
        var rig = new LinkedHashMap<String, Object>();
        rig.put("schema", RigSpec.SCHEMA);
        rig.put("version", RigSpec.VERSION);
        rig.put("name", spec.name());
        put(rig, "rings", spec.rings().members());
        put(rig, "reservoir", spec.reservoir().members());
        put(rig, "aliases", names);
        put(rig, "controls", controls);
        if (!stopped.isEmpty()) {
            rig.put("stopped", List.copyOf(stopped));
        }
        rig.put("devices", spec.entries().stream().map(RigSpec.Entry::written).toList());
        return json(rig);
    }

    private static void put(Map<String, Object> rig, String name, Map<String, ?> members) {
        if (!members.isEmpty()) {
            rig.put(name, members);
        }
    }

    private String json(Map<String, Object> rig) {
        try {
            var text = JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(rig) + "\n";
            if (text.contains("${")) {
                throw new IllegalStateException("rig " + name() + " cannot be saved: a value in it holds ${, which"
                        + " means a variable in a rig; give that file or folder another name");
            }
            return text;
        } catch (IOException impossible) {
            throw new UncheckedIOException("a rig in memory could not be written", impossible);
        }
    }
}
