// SPDX-License-Identifier: Apache-2.0
package mimir.tck.planted;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import mimir.api.source.Driver;
import org.osgi.service.component.annotations.Component;

/** A driver for tests of the kit. Thread-safe. */
@Component(service = {Driver.class, PlantedDriver.class})
public final class PlantedDriver implements Driver {
    /** Symbolic name of the bundle and factory PID of its devices. */
    static final String NAME = "mimir.tck.planted";

    private final AtomicBoolean disturbed = new AtomicBoolean();

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Map<String, Object>> plan(Map<String, Object> entry) {
        var config = PlantedConfig.of(entry);
        if (config.fault() != PlantedFault.ACCEPTS) {
            config.check(entry);
        }
        disturbed.set(true);
        var configuration = new HashMap<>(entry);
        configuration.put(RING_BYTES, config.fault() == PlantedFault.ACCEPTS ? 0L : config.ring().regionBytes());
        return List.of(configuration);
    }

    /** Set by each plan. */
    AtomicBoolean disturbed() {
        return disturbed;
    }
}
