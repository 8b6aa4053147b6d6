// SPDX-License-Identifier: Apache-2.0
package mimir.driver.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import mimir.api.source.AudioSource;
import mimir.api.source.Controls;
import mimir.api.source.DeviceFault;
import mimir.api.source.DeviceIdentity;
import mimir.api.source.FrameSource;
import mimir.api.source.Source;
import mimir.api.source.SourceProperties;
import mimir.api.time.TruthSource;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;
import mimir.api.work.Workers;
import mimir.ring.Ring;
import mimir.ring.RingException;
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
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;

/**
 * One configured device: it owns the ring, lets the native engine write it, and registers the source and its truth
 * once they are there; or the fault that keeps it from running. Memory is made on a worker, for activation must not
 * wait for it; an urgent one, for a swap's gap lasts until it is done. Thread-safe.
 */
@Component(service = {}, configurationPid = "mimir.driver.sim", configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = "scenario={}")
public final class SimDevice {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /**
     * What the driver plans for a device. A record and no component property type: of such a one the JVM makes a class,
     * anew in each incarnation of the driver, and the gap of a swap lasts until it is done. Immutable.
     *
     * @param id identity of its source
     * @param kind {@code camera} or {@code audio}
     * @param scenario as JSON
     */
    private record Config(String id, String kind, String scenario) {
        static Config of(Map<String, Object> properties) {
            return new Config((String) properties.get("id"), (String) properties.get("kind"),
                    (String) properties.get("scenario"));
        }
    }

    /** A camera. Immutable. */
    private record Frames(String id, String device, String driver, Ring ring, RingFormat format)
            implements FrameSource {
    }

    /** An audio interface. Immutable. */
    private record Audio(String id, String device, String driver, Ring ring, RingFormat format)
            implements AudioSource {
    }

    /** A device that cannot run. Immutable. */
    private record Fault(String id, String driver, String sentence) implements DeviceFault {
    }

    private final BundleContext context;
    private final Config config;
    private final SimLibrary library;
    private final Rings rings;
    private final Logger logger;
    private final Workers workers;
    private final Worker preparation;
    private final List<ServiceRegistration<?>> registrations = new ArrayList<>(); // guarded by this
    private SimTruth truth;           // guarded by this
    private SimControls controls;     // guarded by this
    private Moves moves;              // guarded by this; null: it stays at its port
    private RingOwner owner;          // guarded by this
    private int device;               // guarded by this; 0: not with the engine
    private volatile boolean leaving;

    /** Begins to prepare the device. */
    @Activate
    public SimDevice(BundleContext context, Map<String, Object> properties, @Reference SimLibrary library,
            @Reference Rings rings, @Reference Workers workers,
            @Reference(service = LoggerFactory.class) Logger logger) {
        this.context = context;
        this.config = Config.of(properties);
        this.library = library;
        this.rings = rings;
        this.logger = logger;
        this.workers = workers;
        preparation = workers.start("prepare " + config.id(), WorkClass.HIGH, false, this::prepare);
    }

    private void prepare(Worker self) {
        try {
            library.check();
            var scenario = ScenarioReader.read(config.id(), config.kind(), config.scenario());
            open(scenario);
            publish(scenario);
            start(scenario);
        } catch (RingException | IllegalStateException | IllegalArgumentException unable) {
            giveUp(unable);
        }
        if (leaving) {
            retire();
        }
    }

    private synchronized void open(Scenario scenario) {
        if (!leaving) {
            owner = rings.open(scenario.ring(config.id()), SimDriver.NAME);
            truth = new SimTruth(config.id());
            controls = new SimControls(config.id(), scenario.mode());
            device = library.add(scenario, owner, truth, controls);
        }
    }

    /**
     * Before the device starts, so that whoever is there to read has its reader before the first item. Not under the
     * lock: whoever binds the source does so here and may take its time.
     */
    private void publish(Scenario scenario) {
        if (!leaving) {
            var source = source(scenario.mode());
            var kind = source instanceof AudioSource ? AudioSource.class : FrameSource.class;
            var interfaces = new String[] {Source.class.getName(), kind.getName()};
            var identity = scenario.identity();
            keep(context.registerService(TruthSource.class, truth, properties(DeviceIdentity.NONE)));
            var ofControls = context.registerService(Controls.class, controls, properties(identity));
            keep(ofControls);
            var ofSource = context.registerService(interfaces, source, SourceProperties.of(source, identity));
            keep(ofSource);
            if (scenario.moves()) {
                follow(new Moves(scenario, owner, now -> {
                    ofControls.setProperties(properties(now));
                    ofSource.setProperties(SourceProperties.of(source, now));
                }));
            }
        }
    }

    private synchronized void follow(Moves theirs) {
        moves = theirs;
        theirs.begin(workers);
    }

    private Source source(Scenario.Mode mode) {
        return mode.audio() ? new Audio(config.id(), mode.device(), SimDriver.NAME, owner.ring(), mode.format())
                : new Frames(config.id(), mode.device(), SimDriver.NAME, owner.ring(), mode.format());
    }

    private synchronized void start(Scenario scenario) {
        if (!leaving) {
            library.start(device, scenario);
            logger.info("{} runs: {}", config.id(), scenario.mode().device());
        }
    }

    private Dictionary<String, Object> properties(DeviceIdentity identity) {
        return identity.properties(config.id(), SimDriver.NAME);
    }

    private synchronized void keep(ServiceRegistration<?> registration) {
        registrations.add(registration);
    }

    private void giveUp(RuntimeException reason) {
        retire();
        if (!leaving) {
            logger.error("{} cannot run: {}", config.id(), reason.getMessage());
            var fault = new Fault(config.id(), SimDriver.NAME, reason.getMessage());
            keep(context.registerService(DeviceFault.class, fault, properties(DeviceIdentity.NONE)));
        }
    }

    /** The source goes first, then the device, last the ring. */
    @Deactivate
    void close() {
        leaving = true;
        if (preparation.stop(PATIENCE)) {
            retire();
        } else {
            logger.error("{} is still being prepared after {} s; it goes when that ends", config.id(),
                    PATIENCE.toSeconds());
        }
    }

    private void retire() {
        withdraw();
        release();
    }

    private void withdraw() {
        List<ServiceRegistration<?>> going;
        Moves following;
        synchronized (this) {
            following = moves;
            moves = null;
            going = List.copyOf(registrations.reversed());
            registrations.clear();
        }
        if (following != null) {
            following.end();
        }
        for (var registration : going) {
            unregister(registration);
        }
    }

    private void unregister(ServiceRegistration<?> registration) {
        try {
            registration.unregister();
        } catch (IllegalStateException already) {
            logger.debug("{} was unregistered with its bundle", config.id());
        }
    }

    private synchronized void release() {
        if (owner == null) {
            return;
        }
        if (device == 0 || library.remove(device)) {
            owner.close();
            truth.close();
            controls.close();
        } else {
            owner.park();
            logger.error("{}: its native thread does not answer; the ring is parked until the process ends, swap {} "
                    + "to have the device back", config.id(), SimDriver.NAME);
        }
        owner = null;
        truth = null;
        controls = null;
        device = 0;
    }
}
