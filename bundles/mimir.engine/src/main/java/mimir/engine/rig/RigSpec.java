// SPDX-License-Identifier: Apache-2.0
package mimir.engine.rig;

import com.fasterxml.jackson.jr.ob.JSON;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a rig says, checked as far as it can be without its drivers (docs/rigs.md). Immutable.
 *
 * @param name its name
 * @param rings what it says of its rings
 * @param reservoir what it says of its reservoir
 * @param entries its devices, in order
 * @param wishes what it says of devices beside how they are made
 */
public record RigSpec(String name, RigRings rings, RigReservoir reservoir, List<Entry> entries, Wishes wishes) {
    static final String SCHEMA = "mimir.rig";
    static final String VERSION = "1.0";

    /**
     * One of {@code devices}. Immutable.
     *
     * @param place {@code devices[2]}
     * @param driver name of its driver
     * @param members the others, as {@link mimir.api.source.Driver#plan} takes them
     * @param written all of them, as they are written in a rig, with the values of variables
     */
    record Entry(String place, String driver, Map<String, Object> members, Map<String, Object> written) {
    }

    /**
     * Reads a rig.
     *
     * @throws mimir.api.BadInputException with one sentence: the rig, the place, what is wrong and what to do
     */
    static RigSpec read(RigText text, Map<String, String> variables) {
        var filler = new Variables(variables);
        var rig = new Members(text, "", JsonTree.read(text, filler));
        if (!rig.text("schema", "\"" + SCHEMA + "\"").equals(SCHEMA)) {
            throw text.fault("schema", "is not \"" + SCHEMA + "\"; give a rig");
        }
        var version = rig.text("version", "\"" + VERSION + "\"");
        if (!version.equals(VERSION)) {
            throw text.fault("version", "is \"" + version + "\", but this release reads \"" + VERSION
                    + "\"; write the rig in that form");
        }
        var name = rig.text("name", "a name");
        var rings = RigRings.read(text, rig.object("rings"));
        var reservoir = RigReservoir.read(text, rig.object("reservoir"), filler);
        var entries = new ArrayList<Entry>();
        for (var device : rig.objects("devices")) {
            entries.add(entry(device));
        }
        var wishes = Wishes.read(rig);
        rig.end("a rig");
        if (entries.isEmpty()) {
            throw text.fault("devices", "is empty; a rig needs at least one device");
        }
        filler.end(text);
        return new RigSpec(name, rings, reservoir, List.copyOf(entries), wishes);
    }

    /** Memory of this machine, bytes. */
    static long machineBytes() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
    }

    private static Entry entry(Members device) {
        var driver = device.text("driver", "the name of a driver");
        if (device.has("id")) {
            device.text("id", "an identity");
        }
        var members = new LinkedHashMap<String, Object>();
        device.rest().forEach((name, value) -> members.put(name, asPlanned(value)));
        return new Entry(device.place(), driver, members, device.all());
    }

    private static Object asPlanned(Object value) {
        try {
            return value instanceof Map || value instanceof List ? JSON.std.asString(value) : value;
        } catch (IOException impossible) {
            throw new UncheckedIOException("a rig in memory could not be written", impossible);
        }
    }
}
