// SPDX-License-Identifier: Apache-2.0
package mimir.driver.ps3eye;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import mimir.api.source.Driver;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Reference;

/** PS3 Eye cameras, for rigs: one camera an entry. Thread-safe. */
@Component(configurationPolicy = ConfigurationPolicy.IGNORE)
public final class Ps3EyeDriver implements Driver {
    /** Symbolic name of the bundle and factory PID of its cameras. */
    static final String NAME = "mimir.driver.ps3eye";

    private final Ps3EyeLibrary library;

    /** With the native library of this bundle, which may be missing: then no plan can be made. */
    @Activate
    public Ps3EyeDriver(@Reference Ps3EyeLibrary library) {
        this.library = library;
    }

    @Override
    public String name() {
        return NAME;
    }

    /** What the camera can do stands in the native library; libusb and cameras are asked for nothing. */
    @Override
    public List<Map<String, Object>> plan(Map<String, Object> entry) {
        var settings = library.reader().read(entry);
        var configuration = new HashMap<>(entry);
        configuration.put(RING_BYTES, settings.ring().regionBytes());
        configuration.put(RING_SECONDS, settings.ring().seconds());
        return List.of(configuration);
    }
}
