// SPDX-License-Identifier: Apache-2.0
package mimir.recording.playback;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Locale;
import mimir.api.source.AudioSource;
import mimir.api.source.DeviceFault;
import mimir.api.source.DeviceIdentity;
import mimir.api.source.FrameSource;
import mimir.api.source.Source;
import mimir.api.source.SourceProperties;
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
 * One recorded device: a sequence of pictures or a WAV file that is published like a camera or a sound card. It is
 * opened on the decoder's thread, so that activation does not wait for the disk. Thread-safe.
 */
@Component(service = {}, configurationPid = "mimir.recording", configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class RecordedDevice implements Playable {
    private final BundleContext context;
    private final Settings settings;
    private final Rings rings;
    private final Playback playback;
    private final Logger log;
    private RingOwner owner;                     // guarded by this
    private ServiceRegistration<?> registration; // guarded by this
    private Source published;                    // guarded by this
    private boolean closed;                      // guarded by this

    /** Configuration of one device; {@link RecordingDriver} writes it. */
    public @interface Config {
        /** Identity of the source. */
        String id();

        /** {@code images} or {@code wav}. */
        String kind();

        /** Folder of the pictures, or the WAV file. */
        String path();

        /** File names of the pictures without number and suffix. */
        String stem() default "";

        /** From the beginning again after the end. */
        boolean loop() default false;

        /** Pictures per second. */
        double fps() default 10;

        /** Devices of one group begin together. */
        String group() default "";

        /** How many devices the group has. */
        int members() default 1;
    }

    /** With its configuration, whose values are checked here. */
    @Activate
    public RecordedDevice(BundleContext context, Config config, @Reference Rings rings, @Reference Playback playback,
            @Reference(service = LoggerFactory.class) Logger log) {
        this.context = context;
        this.settings = new Settings(config.id(), Settings.Kind.valueOf(config.kind().toUpperCase(Locale.ROOT)),
                Path.of(config.path()),
                config.stem(), config.loop(), config.fps(), config.group(), config.members());
        this.rings = rings;
        this.playback = playback;
        this.log = log;
        playback.add(this);
    }

    /**
     * Takes the source away, then waits for the workers, then ends the ring; parks it when a worker does not let go.
     */
    @Deactivate
    public void close() {
        synchronized (this) {
            closed = true;
        }
        unregister();
        release(playback.remove(this));
    }

    private synchronized void release(boolean free) {
        if (owner != null && free) {
            owner.close();
        } else if (owner != null) {
            owner.park();
            log.error("{} did not stop in time; its ring stays as it is", settings.id());
        }
        owner = null;
    }

    @Override
    public Settings settings() {
        return settings;
    }

    @Override
    public Player open() throws IOException {
        var recording = switch (settings.kind()) {
            case IMAGES -> new ImageSequence(settings, sentence -> log.warn("{}: {}", settings.id(), sentence));
            case WAV -> new WavRecording(settings);
        };
        try {
            return publish(recording);
        } catch (RuntimeException refused) {
            recording.close();
            throw refused;
        }
    }

    private Player publish(Recording recording) {
        var ringOwner = own(recording);
        var source = RecordedSource.of(settings, recording, ringOwner.ring());
        var kind = source instanceof AudioSource ? AudioSource.class : FrameSource.class;
        var player = new Player(recording, ringOwner);
        synchronized (this) {
            published = source;
        }
        register(context.registerService(new String[] {Source.class.getName(), kind.getName()}, source,
                properties(source, false)));
        return player;
    }

    private Dictionary<String, Object> properties(Source source, boolean over) {
        var path = settings.path() + (settings.stem().isEmpty() ? "" : "/" + settings.stem());
        var properties = SourceProperties.of(source, new DeviceIdentity("recording", "", path));
        properties.put(SourceProperties.ENDED, over);
        return properties;
    }

    private synchronized RingOwner own(Recording recording) {
        if (closed) {
            throw new IllegalStateException("the device was taken away");
        }
        owner = rings.open(RingNeed.spec(settings.id(), recording), RecordedSource.DRIVER);
        return owner;
    }

    @Override
    public void failed(String sentence, boolean free) {
        synchronized (this) {
            if (closed) {
                return;
            }
        }
        log.error("{}: {}", settings.id(), sentence);
        unregister();
        release(free);
        var properties = new Hashtable<String, Object>();
        properties.put(SourceProperties.ID, settings.id());
        properties.put(SourceProperties.DRIVER, RecordedSource.DRIVER);
        register(context.registerService(DeviceFault.class,
                new RecordedSource.Fault(settings.id(), RecordedSource.DRIVER, sentence),
                properties));
    }

    @Override
    public void ended() {
        log.info("{}: the recording has ended; its entry may say \"loop\": true", settings.id());
        ServiceRegistration<?> now;
        Source source;
        synchronized (this) {
            now = registration;
            source = published;
        }
        try {
            if (now != null) {
                now.setProperties(properties(source, true)); // its silence is no fault
            }
        } catch (IllegalStateException gone) {
            log.debug("{} was taken away at its end", settings.id());
        }
    }

    /** Services are registered and unregistered without the lock: the framework calls listeners meanwhile. */
    private void register(ServiceRegistration<?> made) {
        synchronized (this) {
            if (!closed) {
                registration = made;
                return;
            }
        }
        made.unregister();
    }

    private void unregister() {
        ServiceRegistration<?> former;
        synchronized (this) {
            former = registration;
            registration = null;
        }
        if (former != null) {
            former.unregister();
        }
    }
}
