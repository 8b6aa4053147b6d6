// SPDX-License-Identifier: Apache-2.0
package mimir.driver.ps3eye;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
 * One configured camera: its worker looks after it, registers source and controls before it starts for the first time,
 * or the fault that keeps it from running until that is mended. Thread-safe.
 */
@Component(service = {}, configurationPid = "mimir.driver.ps3eye", configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class Ps3EyeDevice {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Its source. Immutable. */
    private record Frames(String id, String device, String driver, Ring ring, RingFormat format)
            implements FrameSource {
    }

    /** A camera that cannot run. Immutable. */
    private record Fault(String id, String driver, String sentence) implements DeviceFault {
    }

    private final BundleContext context;
    private final String id;
    private final Ps3EyeLibrary library;
    private final Rings rings;
    private final Logger logger;
    private final Worker worker;
    private Camera camera;                             // of the worker, then of who ended it
    private Ps3EyeControls controls;                   // the same
    private ServiceRegistration<?> fault;              // the same
    private ServiceRegistration<?> ofControls;         // the same
    private ServiceRegistration<?> ofSource;           // the same
    private ServiceRegistration<?> ofTruth;            // the same
    private Source source;                             // the same
    private TwinTruth truth;                           // the same; null beside a real camera
    private volatile boolean leaving;

    /** Begins to look for the camera. */
    @Activate
    public Ps3EyeDevice(BundleContext context, Map<String, Object> properties, @Reference Ps3EyeLibrary library,
            @Reference Rings rings, @Reference Workers workers,
            @Reference(service = LoggerFactory.class) Logger logger) {
        this.context = context;
        this.library = library;
        this.rings = rings;
        this.logger = logger;
        id = (String) properties.get("id");
        var entry = new HashMap<>(properties);
        entry.keySet().retainAll(EntryReader.MEMBERS);
        var unable = enter(entry); // here and not on its worker: entries get their cameras in the order of their coming
        // CRITICAL, as whoever reads the source is to know at once that it went or came; it sleeps nearly all the time
        worker = workers.start("camera " + id, WorkClass.CRITICAL, false, self -> live(self, unable));
    }

    /** Why it can never run; empty when it may. */
    private String enter(Map<String, Object> entry) {
        try {
            camera = new Camera(library.reader().read(entry), library, library,
                    spec -> rings.open(spec, Ps3EyeDriver.NAME), new Services());
            return "";
        } catch (IllegalStateException | IllegalArgumentException refused) {
            return refused.getMessage();
        }
    }

    private void live(Worker self, String impossible) {
        try {
            if (!impossible.isEmpty()) {
                throw new IllegalStateException(impossible);
            }
            library.join(self);
            while (!leaving) {
                camera.look();
                self.pause(leaving ? 0 : camera.pauseNs());
            }
        } catch (RingException | IllegalStateException | IllegalArgumentException unable) {
            new Services().fault(unable.getMessage());
        } finally {
            library.leave(self);
        }
        if (leaving) {
            retire();
        }
    }

    /** The services of the camera, as it lives. Confined to the worker. */
    private final class Services implements Camera.Told {
        @Override
        public void published(Camera opened, DeviceIdentity identity) {
            var settings = opened.settings();
            controls = new Ps3EyeControls(id, library, opened.handle(), library.knobs(), settings.controls());
            source = new Frames(id, "PS3 Eye " + settings.modeLabel(), Ps3EyeDriver.NAME, opened.owner().ring(),
                    settings.ring().format());
            TwinNative.find().ifPresent(twin -> {
                truth = new TwinTruth(id, source.ring(), twin::stream);
                truth.at(place(identity));
                ofTruth = context.registerService(TruthSource.class, truth,
                        identity.properties(id, Ps3EyeDriver.NAME));
            });
            ofControls = context.registerService(Controls.class, controls, identity.properties(id, Ps3EyeDriver.NAME));
            ofSource = context.registerService(new String[] {Source.class.getName(), FrameSource.class.getName()},
                    source, properties(identity, opened.link()));
        }

        @Override
        public void moved(DeviceIdentity identity) {
            if (truth != null) {
                truth.at(place(identity));
            }
            ofControls.setProperties(identity.properties(id, Ps3EyeDriver.NAME));
            ofSource.setProperties(properties(identity, camera.link()));
            logger.info("{} is {}", id, identity.path().isEmpty() ? "at no port" : "at " + identity.path());
        }

        private Dictionary<String, Object> properties(DeviceIdentity identity, String link) {
            var properties = SourceProperties.of(source, identity);
            if (!link.isEmpty()) {
                properties.put(SourceProperties.LINK, link);
            }
            return properties;
        }

        private Place place(DeviceIdentity identity) {
            return identity.path().isEmpty() ? null : Place.parse("path", identity.path());
        }

        @Override
        public void fault(String sentence) {
            withdraw(fault);
            fault = null;
            if (!sentence.isEmpty() && !leaving) {
                logger.error("{} cannot run: {}", id, sentence);
                fault = context.registerService(DeviceFault.class, new Fault(id, Ps3EyeDriver.NAME, sentence),
                        DeviceIdentity.NONE.properties(id, Ps3EyeDriver.NAME));
            }
        }

        @Override
        public void runs(String sentence) {
            if (truth != null) {
                truth.begun();
            }
            logger.info("{} {}", id, sentence);
        }

        @Override
        public void warn(String sentence) {
            logger.warn("{} {}", id, sentence);
        }
    }

    /** The source goes first, then the camera, last the ring. */
    @Deactivate
    void close() {
        leaving = true;
        if (worker.stop(PATIENCE)) {
            retire();
        } else {
            logger.error("{} does not answer after {} s; it goes when it does", id, PATIENCE.toSeconds());
        }
    }

    private synchronized void retire() {
        var going = new ArrayList<ServiceRegistration<?>>();
        going.add(ofSource);
        going.add(ofControls);
        going.add(ofTruth);
        going.add(fault);
        List.copyOf(going.stream().filter(one -> one != null).toList()).forEach(this::withdraw);
        ofSource = null;
        ofControls = null;
        ofTruth = null;
        fault = null;
        if (controls != null) {
            controls.close();
            controls = null;
        }
        if (camera != null && !camera.close()) {
            logger.error("{}: its native thread does not answer; the ring is parked until the process ends, swap {} to"
                    + " have the camera back", id, Ps3EyeDriver.NAME);
        }
        camera = null;
    }

    private void withdraw(ServiceRegistration<?> registration) {
        if (registration == null) {
            return;
        }
        try {
            registration.unregister();
        } catch (IllegalStateException already) {
            logger.debug("{} was unregistered with its bundle", id);
        }
    }
}
