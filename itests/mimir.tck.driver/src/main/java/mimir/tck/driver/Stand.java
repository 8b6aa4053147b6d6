// SPDX-License-Identifier: Apache-2.0
package mimir.tck.driver;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mimir.api.source.Driver;
import mimir.api.swap.Swapped;

/** A driver on the stand: checks bring its devices up, look, and take them away. Confined to the check that looks. */
final class Stand {
    private static final long RESERVOIR_BYTES = 64L << 20;

    private final Platform platform;
    private final String driver;
    private final KitPlan plan;
    private final Effort effort;
    private final Hiccups hiccups;

    Stand(Platform platform, String driver, KitPlan plan, Effort effort, Hiccups hiccups) {
        this.platform = platform;
        this.driver = driver;
        this.plan = plan;
        this.effort = effort;
        this.hiccups = hiccups;
    }

    Platform platform() {
        return platform;
    }

    /** Symbolic name. */
    String driver() {
        return driver;
    }

    KitPlan plan() {
        return plan;
    }

    Effort effort() {
        return effort;
    }

    Hiccups hiccups() {
        return hiccups;
    }

    /** The driver's service as it is now. */
    Driver service() {
        return platform.driver(driver).orElseThrow(() ->
                new Shortfall(driver + " offers no Driver; register one when its bundle starts"));
    }

    /** Identities of the sources that an entry means. */
    List<String> identities(Entry entry) {
        return service().plan(entry.members()).stream().map(device -> (String) device.get("id")).toList();
    }

    /** Brings devices up, with a follower on each source from its first item on. The caller closes it. */
    Opened open(Entry... entries) {
        return Opened.of(this, List.of(entries));
    }

    /** Brings up a device of each kind. */
    Opened openSteady() {
        return open(plan.steady().stream().map(KitPlan.Mode::device).toArray(Entry[]::new));
    }

    /** Loads a rig of these devices and waits for their sources; returns their identities. */
    List<String> load(List<Entry> entries) {
        try {
            var file = Files.createTempFile("mimir-tck", ".json");
            try {
                Files.writeString(file, rig(entries));
                var rig = platform.rigs().load(file.toString(), Map.of());
                platform.rigs().awaitSources(effort.patience());
                return rig.sources();
            } finally {
                Files.delete(file);
            }
        } catch (IOException refused) {
            throw new UncheckedIOException("no rig can be written to the folder of temporary files", refused);
        }
    }

    private String rig(List<Entry> entries) throws IOException {
        var devices = new ArrayList<Map<String, Object>>();
        entries.forEach(entry -> devices.add(entry.of(driver)));
        var rig = new LinkedHashMap<String, Object>();
        rig.put("schema", "mimir.rig");
        rig.put("version", "1.0");
        rig.put("name", "tck");
        rig.put("reservoir", Map.of("bytes", RESERVOIR_BYTES));
        rig.put("devices", devices);
        return JSON.std.asString(rig);
    }

    /** Takes the devices away; waits for as long as a device may take to go. */
    void unload() {
        platform.rigs().unload(effort.stop());
    }

    /** The same bytes once more; throws {@link Shortfall} when that is not what came of it. */
    Swapped swap() {
        var swapped = platform.swapper().swap(driver, List.of());
        if (swapped.outcome() != Swapped.Outcome.SWAPPED) {
            throw new Shortfall("a swap for the same bytes came to " + swapped.outcome() + ": " + swapped.reason());
        }
        return swapped;
    }
}
