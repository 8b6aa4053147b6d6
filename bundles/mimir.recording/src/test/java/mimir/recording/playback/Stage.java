// SPDX-License-Identifier: Apache-2.0
package mimir.recording.playback;

import java.lang.annotation.Annotation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mimir.api.source.Source;
import mimir.recording.Registry;
import mimir.recording.TestWorkers;
import mimir.ring.BundleRings;
import mimir.ring.Lease;
import mimir.ring.Profile;
import mimir.ring.RingReader;
import mimir.ring.RingStore;
import mimir.ring.Start;

/** Devices as the platform would run them, without a framework. */
public final class Stage implements AutoCloseable {
    /** What devices registered and logged. */
    public final Registry registry = new Registry();
    final RingStore store;
    private final BundleRings rings;
    private final Playback playback = new Playback(new TestWorkers());
    private final List<RecordedDevice> devices = new ArrayList<>();

    /** Rings in memory. */
    public Stage() {
        this(Map.of());
    }

    /** With a configuration of {@code mimir.ring}. */
    public Stage(Map<String, String> ringConfiguration) {
        store = new RingStore(ringConfiguration);
        rings = new BundleRings(store);
    }

    /** Plays a whole folder. */
    public List<String> play(Path folder, boolean loop, double fps) {
        var plan = new RecordingDriver().plan(Map.of("folder", folder.toString(), "loop", loop, "fps", fps));
        plan.forEach(this::play);
        return plan.stream().map(device -> (String) device.get("id")).toList();
    }

    RecordedDevice play(Map<String, Object> configuration) {
        var device = new RecordedDevice(registry.context(), new Given(configuration), rings, playback, registry.log());
        devices.add(device);
        return device;
    }

    Source source(String id) {
        Registry.await(() -> registry.all(Source.class).stream().anyMatch(source -> source.id().equals(id)));
        return registry.all(Source.class).stream().filter(source -> source.id().equals(id)).findFirst().orElseThrow();
    }

    /** A reader of everything that is still there. */
    public RingReader reader(String id) {
        return source(id).ring().reader("test", Profile.EVERY, Start.OLDEST);
    }

    /** Waits for the next item. */
    public static Lease next(RingReader reader) {
        var lease = new Lease[1];
        Registry.await(() -> (lease[0] = reader.next()) != null);
        return lease[0];
    }

    void stopDevices() {
        devices.forEach(RecordedDevice::close);
        devices.clear();
    }

    @Override
    public void close() {
        stopDevices();
        playback.close();
        rings.close();
        store.close();
    }

    /** A configuration as the framework would hand it over. */
    @SuppressWarnings("ClassExplicitlyAnnotation")
    private record Given(String id, String kind, String path, String stem, boolean loop, double fps, String group,
            int members)
            implements RecordedDevice.Config {
        Given(Map<String, Object> of) {
            this((String) of.get("id"), (String) of.get("kind"), (String) of.get("path"), (String) of.get("stem"),
                    (boolean) of.get("loop"),
                    (double) of.get("fps"), (String) of.get("group"), (int) of.get("members"));
        }

        @Override
        public Class<? extends Annotation> annotationType() {
            return RecordedDevice.Config.class;
        }
    }
}
