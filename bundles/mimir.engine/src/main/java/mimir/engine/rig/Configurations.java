// SPDX-License-Identifier: Apache-2.0
package mimir.engine.rig;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.Map;
import java.util.Set;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * Writes a plan to Config Admin and takes it away again. What it wrote carries the property {@code mimir.rig}.
 * Confined to the lock of {@link RigLoader}.
 */
final class Configurations {
    private static final String MARK = "mimir.rig";
    private static final String ANY_RIG = "any";
    private static final String RING = "mimir.ring";
    private static final String RESERVOIR = "mimir.reservoir";

    private final ConfigurationAdmin admin;

    Configurations(ConfigurationAdmin admin) {
        this.admin = admin;
    }

    /**
     * Writes what devices need first, then the devices but those that are to stand. After a failure the caller takes
     * them away.
     */
    void write(Plan plan, Set<String> standing) throws IOException {
        var spec = plan.spec();
        var rings = spec.rings().members();
        rings.putAll(plan.shares().rings());
        if (!rings.isEmpty() || find("(service.pid=" + RING + ")").length > 0) {
            common(RING, rings);
        }
        common(RESERVOIR, plan.shares().log());
        for (var device : plan.devices()) {
            if (!standing.contains(device.id())) {
                write(spec.name(), device);
            }
        }
    }

    /** Writes one device. */
    void write(String rig, Plan.Device device) throws IOException {
        of(device).update(marked(rig, device.properties()));
    }

    /** Takes one device away. */
    void delete(Plan.Device device) throws IOException {
        of(device).delete();
    }

    private Configuration of(Plan.Device device) throws IOException {
        return admin.getFactoryConfiguration(device.driver(), pidPart(device.id()), "?");
    }

    /** An identity may hold what means something in a PID or in a filter for it. */
    private static String pidPart(String id) {
        return URLEncoder.encode(id, StandardCharsets.UTF_8).replace("*", "%2A");
    }

    /**
     * The configuration of the rings and of the reservoir stays when devices go: its deletion would restart the ring
     * service with all that use it, and throw away the history.
     */
    private void common(String pid, Map<String, Object> properties) throws IOException {
        admin.getConfiguration(pid, "?").updateIfDifferent(marked(ANY_RIG, properties));
    }

    /** Takes away the devices. */
    void deleteDevices() throws IOException {
        delete("(&(" + MARK + "=*)(service.factoryPid=*))");
    }

    /** Takes away all that a former life of this bundle left. */
    void deleteAll() throws IOException {
        delete("(" + MARK + "=*)");
    }

    private void delete(String filter) throws IOException {
        for (var configuration : find(filter)) {
            configuration.delete();
        }
    }

    private Configuration[] find(String filter) throws IOException {
        try {
            var found = admin.listConfigurations(filter);
            return found == null ? new Configuration[0] : found;
        } catch (InvalidSyntaxException impossible) {
            throw new AssertionError("a constant filter", impossible);
        }
    }

    private static Dictionary<String, Object> marked(String rig, Map<String, Object> properties) {
        var all = new HashMap<>(properties);
        all.put(MARK, rig);
        return new Hashtable<>(all);
    }
}
