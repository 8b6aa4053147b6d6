// SPDX-License-Identifier: Apache-2.0
package mimir.recording.export;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import mimir.api.BadInputException;
import mimir.api.recording.Exporter;
import mimir.api.reservoir.Reservoir;
import mimir.ring.HostClock;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Exports on the caller's thread, one export at a time: the window is pinned, measured, checked against the free space,
 * written from where it lies and let go. Thread-safe.
 */
@Component
public final class ReservoirExporter implements Exporter {
    private static final long DRAIN_NS = 1_000_000_000L;
    private static final long STOP_S = 2;
    private static final int PIN_TRIES = 5;
    private static final long PIN_STEP_NS = 50_000_000;

    private final Reservoir reservoir;
    private final Disk disk;
    private final ReentrantLock one = new ReentrantLock();
    private volatile boolean stopping;

    /** Over the reservoir of the platform. */
    @Activate
    public ReservoirExporter(@Reference Reservoir reservoir) {
        this(reservoir, Disk.REAL);
    }

    ReservoirExporter(Reservoir reservoir, Disk disk) {
        this.reservoir = reservoir;
        this.disk = disk;
    }

    /** Gives up an export that runs and waits until it has taken its files away. */
    @Deactivate
    public void close() throws InterruptedException {
        stopping = true;
        if (one.tryLock(STOP_S, TimeUnit.SECONDS)) {
            one.unlock();
        }
    }

    @Override
    public List<Exported> export(List<String> sources, long lastNs, Path folder, Consumer<String> progress) {
        long toNs = HostClock.nowNs();
        if (lastNs <= 0) {
            throw new BadInputException("the window of an export must be longer than nothing: " + lastNs + " ns");
        }
        one.lock();
        try {
            reservoir.drain(DRAIN_NS);
            var wanted = sources.isEmpty() ? List.copyOf(reservoir.sources()) : known(sources);
            var window = new long[] {toNs - lastNs, toNs};
            try (var pin = pin(window)) {
                if (window[0] > toNs - lastNs) {
                    progress.accept("the reservoir holds only the last " + seconds(toNs - window[0]));
                }
                return export(wanted, sources.isEmpty(), window, folder, progress);
            }
        } finally {
            one.unlock();
        }
    }

    private List<String> known(List<String> sources) {
        var known = reservoir.sources();
        for (var source : sources) {
            if (!known.contains(source)) {
                throw new BadInputException("the reservoir has no source '" + source + "'; it knows "
                        + (known.isEmpty() ? "none yet" : String.join(", ", known)));
            }
        }
        return sources.stream().distinct().toList();
    }

    /** Pins the window, shortened to what is still there; the edge moves on meanwhile, so that may take a few steps. */
    private Reservoir.Pin pin(long[] window) {
        long wanted = window[0];
        for (int n = 0;; n++) {
            long edge = reservoir.stats().edgeNs();
            window[0] = edge > wanted ? Math.min(window[1], edge + n * PIN_STEP_NS) : wanted;
            try {
                return reservoir.pin(window[0]);
            } catch (BadInputException refused) {
                if (n == PIN_TRIES || reservoir.stats().edgeNs() <= window[0]) {
                    throw refused;
                }
            }
        }
    }

    private List<Exported> export(List<String> sources, boolean all, long[] window, Path folder,
            Consumer<String> progress) {
        long needed = 0;
        try {
            var present = new ArrayList<String>();
            for (var source : sources) {
                long bytes = estimate(source, window);
                needed += bytes;
                if (bytes > 0) {
                    present.add(source);
                } else if (!all) {
                    throw empty("source " + source + " has", window);
                }
            }
            if (present.isEmpty()) {
                throw empty("the reservoir holds", window);
            }
            return write(present, window, folder, new Progress(progress, needed, () -> stopping), needed);
        } catch (IOException refused) {
            throw new UncheckedIOException(sentence(refused, folder, needed), refused);
        }
    }

    private static BadInputException empty(String who, long[] window) {
        return new BadInputException(who + " no items of the last " + seconds(window[1] - window[0])
                + "; ask for a longer window");
    }

    private static String seconds(long ns) {
        return String.format(Locale.ROOT, "%.1f s", ns / 1e9);
    }

    private long estimate(String source, long[] window) throws IOException {
        var estimate = new Estimate();
        new Cutter(source, estimate).walk(reservoir.open(source, window[0], window[1]));
        return estimate.bytes();
    }

    private List<Exported> write(List<String> sources, long[] window, Path folder, Progress progress,
            long needed) throws IOException {
        try (var target = new ExportFolder(folder, disk); var parts = new FileParts(target, progress)) {
            if (disk.usableBytes(folder) < needed) {
                throw new IOException("No space left on device");
            }
            for (var source : sources) {
                new Cutter(source, parts.source(source)).walk(reservoir.open(source, window[0], window[1]));
            }
            parts.close();
            target.complete();
            return parts.written();
        }
    }

    /** One sentence of what the system said, with what a person can do about it. */
    private String sentence(IOException refused, Path folder, long needed) {
        var reason = refused instanceof FileSystemException file && file.getReason() != null ? file.getReason()
                : refused.getMessage();
        if (refused instanceof AccessDeniedException || "Read-only file system".equals(reason)) {
            return "folder " + folder + " cannot be written; name one of yours, nothing was written";
        }
        if (refused instanceof ClosedByInterruptException) {
            return "the export to " + folder + " was interrupted; nothing was written";
        }
        long free = free(folder);
        if (free < needed || reason != null && reason.contains("No space left")) {
            return "disk full in " + folder + ": the export needs " + Progress.size(needed) + ", "
                    + Progress.size(Math.max(0, free))
                    + " are free; free space or name another folder, nothing was written";
        }
        return "the export to " + folder + " failed (" + reason + "); nothing was written";
    }

    /** Free bytes where the folder is, or would be; the whole range when even that cannot be told. */
    private long free(Path folder) {
        var at = folder.toAbsolutePath();
        while (at.getParent() != null && !at.toFile().exists()) {
            at = at.getParent();
        }
        try {
            return disk.usableBytes(at);
        } catch (IOException unknown) {
            return Long.MAX_VALUE;
        }
    }
}
