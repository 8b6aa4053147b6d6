// SPDX-License-Identifier: Apache-2.0
package mimir.driver.sim;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mimir.api.rig.Members;
import mimir.api.source.Driver;
import mimir.ring.Abi;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;

/** Simulated cameras and audio interfaces, for rigs: one device an entry. Thread-safe. */
@Component(configurationPolicy = ConfigurationPolicy.IGNORE)
public final class SimDriver implements Driver {
    /** Symbolic name of the bundle and factory PID of its devices. */
    static final String NAME = "mimir.driver.sim";

    private final SimLibrary library;

    /** With the native library of this bundle, which may be missing: then no plan can be made. */
    @Activate
    public SimDriver(@Reference SimLibrary library) {
        this.library = library;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Map<String, Object>> plan(Map<String, Object> entry) {
        var planned = check(entry);
        library.check();
        return List.of(planned);
    }

    /** The configuration that an entry means. */
    static Map<String, Object> check(Map<String, Object> entry) {
        var unnamed = new Members(NAME + ":", entry);
        if (!(entry.get("id") instanceof String id) || id.isBlank()
                || id.getBytes(StandardCharsets.UTF_8).length >= Abi.NAME_BYTES) {
            throw unnamed.fault("a simulated device needs an id of 1 to " + (Abi.NAME_BYTES - 1)
                    + " bytes, such as sim.camera.1");
        }
        var members = new Members(id + ":", entry);
        members.word("id", null, List.of(id));
        var kind = members.word("kind", null, List.of(ScenarioReader.CAMERA, ScenarioReader.AUDIO));
        var scenario = members.text("scenario", "{}");
        members.end();
        var ring = ScenarioReader.read(id, kind, scenario).ring(id);
        var configuration = new LinkedHashMap<String, Object>();
        configuration.put("id", id);
        configuration.put("kind", kind);
        configuration.put("scenario", scenario);
        configuration.put(RING_BYTES, ring.regionBytes());
        configuration.put(RING_SECONDS, ring.seconds());
        return configuration;
    }
}
