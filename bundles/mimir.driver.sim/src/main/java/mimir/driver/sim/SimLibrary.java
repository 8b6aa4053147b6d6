// SPDX-License-Identifier: Apache-2.0
package mimir.driver.sim;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import mimir.api.fragment.FragmentLibrary;
import mimir.api.fragment.Loaded;
import mimir.api.work.WorkClass;
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
 * Owns the native library of this bundle, its engine and the workers of its two families; devices use it. When a
 * worker does not stop, all of it stays mapped for ever: parked. Thread-safe; every method may block up to its
 * deadline.
 */
@Component(service = SimLibrary.class, configurationPolicy = ConfigurationPolicy.IGNORE)
public final class SimLibrary {
    private static final Duration DEADLINE = Duration.ofSeconds(2);
    private static final String THREADS =
            "mimir-" + SimDriver.NAME.substring("mimir.driver.".length()).replace(".", "");
    private static final String[] FAMILIES = {"-cam", "-aud"};
    private static final VarHandle WORD = ValueLayout.JAVA_LONG.varHandle();

    private final Workers workers;
    private final Logger logger;
    private final Arena arena = Arena.ofShared();
    private final Loaded<SimNative> loaded;
    private final SimNative library; // null: there is none
    private final MemorySegment status = arena.allocate(SimNative.STATUS_BYTES, 64);
    private final MemorySegment engine;
    private final Workers.Adopted[] adopted = new Workers.Adopted[FAMILIES.length]; // guarded by this
    private final long[] lastItems = new long[FAMILIES.length];

    /**
     * Loads the library that the framework has chosen for this machine; a fault is kept for whoever wants to use it.
     */
    @Activate
    public SimLibrary(BundleContext context, @Reference Workers workers,
            @Reference(service = LoggerFactory.class) Logger logger) {
        this.workers = workers;
        this.logger = logger;
        loaded = FragmentLibrary.load(context, getClass().getClassLoader(), "mimir_driver_sim",
                file -> new SimNative(file, arena));
        library = loaded.library();
        engine = library == null ? MemorySegment.NULL : library.open(THREADS, status);
    }

    /** Throws {@link IllegalStateException} with a sentence when the library cannot be used here. */
    void check() {
        loaded.get();
    }

    /** Makes a device that does not run yet; returns its handle. */
    synchronized int add(Scenario scenario, RingOwner ring, SimTruth truth, SimControls controls) {
        try (var call = Arena.ofConfined()) {
            var config = SimConfig.of(scenario, ring.formatId(), call);
            return library.add(engine, config, ring.region(), ring.hints(), truth.memory(), controls.memory());
        }
    }

    /** Starts a device that was added; the first of a family brings its worker. */
    synchronized void start(int device, Scenario scenario) {
        library.start(engine, device, DEADLINE.toNanos());
        adopt(scenario.mode().audio() ? 1 : 0);
    }

    private void adopt(int family) {
        if (adopted[family] == null) {
            long tid = (long) WORD.getAcquire(status, SimNative.STATUS_TID + 8L * family);
            adopted[family] = workers.adopt(THREADS + FAMILIES[family], tid, WorkClass.CRITICAL, () -> items(family));
        }
    }

    private long items(int family) {
        try {
            lastItems[family] = (long) WORD.getOpaque(status, SimNative.STATUS_ITEMS + 8L * family);
        } catch (IllegalStateException closed) {
            logger.debug("{} is asked for its account after its end", THREADS + FAMILIES[family]);
        }
        return lastItems[family];
    }

    /** Takes a device away. False when its worker did not answer: ring and truth must then stay mapped for ever. */
    synchronized boolean remove(int device) {
        return library.remove(engine, device, DEADLINE.toNanos());
    }

    /** Ends the workers, then unloads the library; or leaves all of it mapped for ever when a worker hangs. */
    @Deactivate
    synchronized void close() {
        for (var thread : adopted) {
            if (thread != null) {
                thread.close();
            }
        }
        if (library == null) {
            arena.close();
        } else if (library.stopAndClose(engine, DEADLINE.toNanos())) {
            unload();
        } else {
            logger.error("{}: a native thread did not stop within {} s; its library and rings are parked until the "
                    + "process ends",
                    SimDriver.NAME, DEADLINE.toSeconds());
        }
    }

    private void unload() {
        if (!FragmentLibrary.unload(arena, DEADLINE)) { // somebody reads the account all the time
            logger.error("{}: its library is still in use after {} s and stays mapped", SimDriver.NAME,
                    DEADLINE.toSeconds());
        }
    }
}
