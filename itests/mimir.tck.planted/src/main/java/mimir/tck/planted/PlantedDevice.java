// SPDX-License-Identifier: Apache-2.0
package mimir.tck.planted;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import mimir.api.source.DeviceFault;
import mimir.api.source.FrameSource;
import mimir.api.source.Source;
import mimir.api.source.SourceProperties;
import mimir.api.time.TruthSource;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;
import mimir.api.work.Workers;
import mimir.ring.Ring;
import mimir.ring.RingFormat;
import mimir.ring.RingOwner;
import mimir.ring.Rings;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** One planted device. Made and closed by control threads; its own thread is a worker. */
@Component(service = {}, configurationPid = PlantedDriver.NAME, configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class PlantedDevice {
    private static final Duration DEADLINE = Duration.ofMillis(200);
    private static final Duration FOR_EVER = Duration.ofSeconds(2);
    private static final long LEAK_BYTES = 8 << 20;

    /** A camera. Immutable. */
    private record Frames(String id, String device, String driver, Ring ring, RingFormat format)
            implements FrameSource {
    }

    /** A device that cannot run. Immutable. */
    private record Fault(String id, String driver, String sentence) implements DeviceFault {
    }

    private final PlantedConfig config;
    private final RingOwner owner;
    private final Worker worker;
    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();

    /** Begins to publish. */
    @Activate
    public PlantedDevice(BundleContext context, Map<String, Object> properties, @Reference PlantedDriver driver,
            @Reference Rings rings, @Reference Workers workers) {
        config = PlantedConfig.of(properties);
        owner = rings.open(config.ring(), PlantedDriver.NAME);
        if (config.fault() == PlantedFault.SWAP && owner.epoch() > 2) {
            worker = null;
            registrations.add(context.registerService(DeviceFault.class, new Fault(config.id(), PlantedDriver.NAME,
                    "the device is occupied; pull its plug"), identity()));
            return;
        }
        var truth = new PlantedTruth(config.id(), config.periodNs());
        var source = new Frames(config.id(), "planted camera", PlantedDriver.NAME, owner.ring(), config.format());
        registrations.add(context.registerService(TruthSource.class, truth, identity()));
        registrations.add(context.registerService(new String[] {Source.class.getName(), FrameSource.class.getName()},
                source, SourceProperties.of(source)));
        leak();
        var thread = new PlantedThread(config, owner, truth, driver.disturbed());
        worker = workers.start(config.id(), WorkClass.CRITICAL, false, thread::run);
    }

    private Dictionary<String, Object> identity() {
        return new Hashtable<>(Map.of(SourceProperties.ID, config.id(), SourceProperties.DRIVER, PlantedDriver.NAME));
    }

    /** Held where no class loader goes. */
    private void leak() {
        if (config.fault() == PlantedFault.LEAKS) {
            try {
                System.getProperties().put("planted." + System.nanoTime(), FileChannel.open(Path.of("/dev/null")));
            } catch (IOException refused) {
                throw new UncheckedIOException("/dev/null cannot be opened", refused);
            }
            Arena.global().allocate(LEAK_BYTES);
        }
    }

    /** The source first, then the device, last the ring. */
    @Deactivate
    void close() {
        registrations.reversed().forEach(ServiceRegistration::unregister);
        if (worker == null || worker.stop(DEADLINE) || config.fault() == PlantedFault.HANG && worker.stop(FOR_EVER)) {
            owner.close();
        } else {
            owner.park();
        }
    }
}
