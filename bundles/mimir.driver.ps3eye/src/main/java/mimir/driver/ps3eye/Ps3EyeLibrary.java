// SPDX-License-Identifier: Apache-2.0
package mimir.driver.ps3eye;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongSupplier;
import mimir.api.fragment.FragmentLibrary;
import mimir.api.fragment.Loaded;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;
import mimir.api.work.Workers;
import mimir.ring.RingOwner;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;

/**
 * Owns the native library of this bundle and its one engine, which is opened when somebody first wants a camera or a
 * look at the buses: until then there is no libusb and no thread. A worker sleeps in it until a camera comes or goes,
 * and wakes those of the cameras. When the native thread does not stop, all of it stays mapped for ever: parked.
 * Thread-safe; every method may block for as long as a camera takes to answer.
 */
@Component(service = Ps3EyeLibrary.class, configurationPolicy = ConfigurationPolicy.IGNORE)
public final class Ps3EyeLibrary implements Eyes, Camera.Fleet {
    /** Property of the framework: path of a libusb in place of the system's. */
    static final String LIBUSB = "mimir.libusb";

    private static final Duration DEADLINE = Duration.ofSeconds(2);
    private static final String THREADS = "mimir-eye";
    private static final long WAIT_NS = 500_000_000;

    private final Workers workers;
    private final Logger logger;
    private final String libusb;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment status = arena.allocate(Struct.STATUS.bytes(), 64);
    private final Loaded<Ps3EyeNative> loaded;
    private final Ps3EyeNative library; // null: there is none
    private final EntryReader reader;
    private final KnownPlaces file;
    private final Places places;
    private final Turns turns = new Turns();
    private final ReadWriteLock looking = new ReentrantReadWriteLock(); // who lists reads, who closes the engine writes
    private final Set<Worker> cameras = ConcurrentHashMap.newKeySet();
    private volatile MemorySegment engine; // written in turns; null: not opened
    private final List<Workers.Adopted> adopted = new ArrayList<>(); // guarded by turns
    private Worker watcher;                // guarded by turns
    private volatile long lastItems;
    private volatile boolean leaving;

    /**
     * Loads the library that the framework has chosen for this machine; a fault is kept for whoever wants to use it.
     */
    @Activate
    public Ps3EyeLibrary(BundleContext context, @Reference Workers workers,
            @Reference(service = LoggerFactory.class) Logger logger) {
        this.workers = workers;
        this.logger = logger;
        libusb = context.getProperty(LIBUSB);
        loaded = FragmentLibrary.load(context, getClass().getClassLoader(), "mimir_driver_ps3eye",
                path -> new Ps3EyeNative(path, arena));
        library = loaded.library();
        reader = library == null ? null : new EntryReader(library.modes(), library.knobs());
        file = new KnownPlaces(context.getDataFile("places"), logger);
        places = new Places(file.read());
    }

    /** Reads entries; throws {@link IllegalStateException} with a sentence when there is no library to ask. */
    EntryReader reader() {
        loaded.get();
        return reader;
    }

    @Override
    public Places places() {
        return places;
    }

    @Override
    public List<Knob> knobs() {
        return reader().knobs();
    }

    @Override
    public Places.Claim claim(Settings settings, List<UsbDevice> devices, boolean lower) {
        var claim = places.claim(settings, devices, lower ? reader().modes() : List.of());
        if (claim.news()) {
            file.write(places.known());
        }
        return claim;
    }

    /** Wakes this worker whenever a camera comes, goes or halts. */
    void join(Worker camera) {
        cameras.add(camera);
    }

    void leave(Worker camera) {
        cameras.remove(camera);
    }

    private MemorySegment engine() {
        try (var _ = turns.quick()) {
            loaded.get();
            expectStaying();
            if (engine == null) {
                status.fill((byte) 0);
                var opened = library.open(THREADS, status, libusb);
                engine = opened;
                adopt(THREADS + "-usb", "tid", this::items);
                adopt("libusb_event", "plug_tid", () -> 0);
                watcher = workers.start("usb plugs", WorkClass.CRITICAL, false, self -> watch(self, opened));
            }
            return engine;
        }
    }

    /**
     * Plugs are told by class CRITICAL all the way, for a few microseconds each: where programs of several sessions
     * share processors, Linux lets a thread of HIGH wait for 0.2 s and more.
     */
    private void adopt(String name, String member, LongSupplier items) {
        long tid = Struct.STATUS.get(status, member);
        if (tid != 0) {
            adopted.add(workers.adopt(name, tid, WorkClass.CRITICAL, items));
        }
    }

    /** Beside the other calls: this one takes no lock while it sleeps. */
    private void watch(Worker self, MemorySegment opened) {
        long seen = 0;
        while (!leaving && !self.stopping()) {
            long changes = library.await(opened, seen, WAIT_NS);
            if (changes != seen && !leaving) {
                seen = changes;
                cameras.forEach(Worker::wake);
                tell(opened);
            }
        }
    }

    /** Without a lock, too: while a camera is being opened the others are told all the same. */
    private void tell(MemorySegment opened) {
        if (!leaving) {
            library.events(opened).forEach(event -> logger.info("a PS3 Eye {} at {}",
                    event.arrived() ? "is plugged in" : "was unplugged", event.place()));
        }
    }

    private long items() {
        try {
            lastItems = Struct.STATUS.get(status, "items");
        } catch (IllegalStateException closed) {
            logger.debug("{} is asked for its account after its end", THREADS);
        }
        return lastItems;
    }

    /** Takes no turn once there is an engine: nobody waits for a camera that is being opened to hear what is there. */
    @Override
    public List<UsbDevice> list() {
        var opened = engine == null ? engine() : engine;
        looking.readLock().lock();
        try {
            expectStaying();
            return library.list(opened);
        } finally {
            looking.readLock().unlock();
        }
    }

    private void expectStaying() {
        if (leaving) {
            throw new IllegalStateException(Ps3EyeDriver.NAME + " is stopping; try again when it is back");
        }
    }

    @Override
    public int add(Settings settings, Place place, RingOwner ring, MemorySegment counts) {
        try (var _ = turns.slow()) {
            try (var call = Arena.ofConfined()) {
                counts.fill((byte) 0);
                int camera = library.add(engine(), config(settings, place, ring, call), ring.region(), ring.hints(),
                        counts);
                return expect(place, camera);
            }
        }
    }

    private static MemorySegment config(Settings settings, Place place, RingOwner ring, Arena call) {
        var struct = Struct.CONFIG;
        var config = call.allocate(struct.bytes(), Long.BYTES);
        struct.put(config, "struct_bytes", struct.bytes());
        struct.put(config, "bus", place.bus());
        struct.put(config, "ports", place.ports());
        struct.put(config, "mode", settings.mode().index());
        struct.put(config, "format_code", settings.format().code());
        struct.put(config, "format_id", ring.formatId());
        struct.put(config, "transfers", settings.transfers());
        struct.put(config, "transfer_bytes", Settings.TRANSFER_BYTES);
        struct.put(config, "checksum", 1);
        struct.put(config, "force", settings.force() ? 1 : 0);
        struct.put(config, "hang_on_stop", settings.hangOnStop() ? 1 : 0);
        return config;
    }

    private static int expect(Place place, int result) {
        if (result < 0) {
            throw Refusals.ofCamera(place, result);
        }
        return result;
    }

    @Override
    public void attach(int camera, Place place) {
        try (var _ = turns.slow()) {
            expect(place, library.attach(engine(), camera, place));
        }
    }

    @Override
    public void start(int camera, Place place) {
        try (var _ = turns.slow()) {
            expect(place, library.start(engine(), camera, DEADLINE.toNanos()));
        }
    }

    @Override
    public void set(String id, int camera, Map<Knob, Long> values) {
        try (var _ = turns.quick()) {
            int result = library.set(engine(), camera, values);
            if (Refusals.isInvalid(result)) {
                throw new IllegalStateException(id + " is gone; look for it with sources");
            }
            if (result < 0 && !Refusals.isGone(result)) {
                throw new IllegalStateException(id + (Refusals.isTimeout(result) ? " does not answer"
                        : " answers wrongly") + "; what was set is kept, 'stop " + id + "; start " + id
                        + "' writes it again");
            }
        }
    }

    @Override
    public List<Long> get(int camera, List<Knob> knobs) {
        try (var _ = turns.quick()) {
            var values = new ArrayList<Long>();
            try (var call = Arena.ofConfined()) {
                var value = call.allocate(ValueLayout.JAVA_LONG);
                boolean tells = true;
                for (var knob : knobs) { // one that does not answer is not asked for the rest: each takes its time
                    tells = tells && library.get(engine(), camera, knob.number(), value) == 0;
                    values.add(tells ? value.get(ValueLayout.JAVA_LONG, 0) : null);
                }
            }
            return values;
        }
    }

    @Override
    public boolean remove(int camera) {
        try (var _ = turns.slow()) {
            return engine == null || library.remove(engine, camera, DEADLINE.toNanos()) == 0;
        }
    }

    /** Ends the native thread, then unloads the library; or leaves all of it mapped for ever when that one hangs. */
    @Deactivate
    void close() {
        leaving = true;
        boolean stopped = stop();
        var watching = watcher();
        boolean unwatched = watching == null || watching.stop(DEADLINE); // it may want the lock once more
        if (stopped && unwatched && release()) {
            unload();
        } else {
            logger.error("{}: a native thread did not stop within {} s; its library and rings are parked until the "
                    + "process ends", Ps3EyeDriver.NAME, DEADLINE.toSeconds());
        }
    }

    private boolean stop() {
        try (var _ = turns.quick()) {
            if (engine == null) {
                return true;
            }
            adopted.forEach(Workers.Adopted::close);
            return library.stop(engine, DEADLINE.toNanos()) == 0;
        }
    }

    private Worker watcher() {
        try (var _ = turns.quick()) {
            return watcher;
        }
    }

    private boolean release() {
        looking.writeLock().lock();
        try (var _ = turns.quick()) {
            return engine == null || library.close(engine) == 0;
        } finally {
            looking.writeLock().unlock();
        }
    }

    private void unload() {
        if (!FragmentLibrary.unload(arena, DEADLINE)) { // somebody reads the account all the time
            logger.error("{}: its library is still in use after {} s and stays mapped", Ps3EyeDriver.NAME,
                    DEADLINE.toSeconds());
        }
    }
}
