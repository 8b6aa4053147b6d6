// SPDX-License-Identifier: Apache-2.0
package mimir.analysis;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import mimir.api.fragment.FragmentLibrary;
import mimir.api.fragment.Loaded;
import mimir.ring.RingFormat;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;

/**
 * Owns the native library of this bundle and knows every state that was made with it. It is unloaded when the last of
 * them has ended; when one does not in time, it stays mapped for ever. Thread-safe; control threads.
 */
@Component(service = AnalysisLibrary.class)
public final class AnalysisLibrary {
    private static final Duration DEADLINE = Duration.ofSeconds(2);
    private static final long LOOK_NS = 1_000_000;

    private final Logger logger;
    private final Arena arena = Arena.ofShared();
    private final Loaded<SymbolLookup> library;
    private final Set<NativeProcessor> open = new HashSet<>(); // guarded by itself
    private boolean closed;                                    // guarded by open

    /** Loads the library that the framework has chosen for this machine; a fault is told to whoever wants to use it. */
    @Activate
    public AnalysisLibrary(BundleContext context, @Reference(service = LoggerFactory.class) Logger logger) {
        this.logger = logger;
        library = FragmentLibrary.load(context, getClass().getClassLoader(), "mimir_analysis",
                file -> ProcessorNative.load(file, arena));
    }

    /** With a library that is loaded already, into {@code arena} of its own; for tests. */
    AnalysisLibrary(Path file, Logger logger) {
        this.logger = logger;
        library = new Loaded<>(ProcessorNative.load(file, arena), null);
    }

    /** With processors that somebody has made; for tests. */
    AnalysisLibrary(SymbolLookup library, Logger logger) {
        this.logger = logger;
        this.library = new Loaded<>(library, null);
    }

    /**
     * The functions of a processor.
     *
     * @throws IllegalStateException with a sentence when there are none here
     */
    ProcessorNative functions(String name) {
        var functions = library.get();
        synchronized (open) {
            checkOpen();
        }
        try {
            return ProcessorNative.find(functions, name, arena);
        } catch (NoSuchElementException misfit) {
            throw new IllegalStateException("the native library of mimir.analysis does not fit (" + misfit.getMessage()
                    + "); install host and fragment of the same build", misfit);
        }
    }

    /** A new state for items of a format. */
    NativeProcessor open(ProcessorNative functions, RingFormat format) {
        synchronized (open) {
            checkOpen();
            var processor = new NativeProcessor(functions, format, this::ended);
            open.add(processor);
            return processor;
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the analysers of mimir.analysis are going; attach them again");
        }
    }

    private void ended(NativeProcessor processor) {
        synchronized (open) {
            open.remove(processor);
        }
    }

    /** Ends what is left, then unloads the library. */
    @Deactivate
    void close() {
        List<NativeProcessor> left;
        synchronized (open) {
            closed = true;
            left = List.copyOf(open);
        }
        left.forEach(NativeProcessor::close);
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (!unloaded()) {
            if (System.nanoTime() > end) {
                logger.error("an analyser of mimir.analysis did not come back within {} s; its library stays mapped "
                        + "until the process ends", DEADLINE.toSeconds());
                return;
            }
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    private boolean unloaded() {
        synchronized (open) {
            if (!open.isEmpty()) {
                return false;
            }
        }
        try {
            arena.close();
            return true;
        } catch (IllegalStateException acquired) {
            logger.debug("a thread is still inside the library of mimir.analysis: {}", acquired.getMessage());
            return false;
        }
    }
}
