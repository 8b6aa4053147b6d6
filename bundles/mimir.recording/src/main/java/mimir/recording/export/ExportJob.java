// SPDX-License-Identifier: Apache-2.0
package mimir.recording.export;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import mimir.api.BadInputException;
import mimir.api.recording.Exporter.Exported;
import mimir.api.reservoir.Reservoir;
import mimir.api.reservoir.Window;
import mimir.api.reservoir.Windows;

/**
 * One export: the window is pinned, measured, checked against the free space, written from where it lies and let go.
 * Confined to the thread that runs it; {@link #progress} may be asked by any.
 */
final class ExportJob {
    private static final long DRAIN_NS = 1_000_000_000L;
    private static final long NONE = 0;
    private static final long LEFT_OUT = -1;
    private static final int PIN_TRIES = 5;
    private static final long PIN_STEP_NS = 50_000_000;
    private static final long LOOK_NS = 10_000_000;

    private final Reservoir reservoir;
    private final Windows windows;
    private final Disk disk;
    private final Path state;
    private final ExportOrder order;
    private final Progress progress = new Progress();
    private final Writeback writeback = new Writeback();
    private final Blocks blocks = new Blocks(progress);
    private Balance asked;
    private volatile List<Exported> written;
    private volatile Throwable failure;

    /** @param state the folder of what is kept; null where there is none */
    ExportJob(Reservoir reservoir, Windows windows, Disk disk, Path state, ExportOrder order) {
        this.reservoir = reservoir;
        this.windows = windows;
        this.disk = disk;
        this.state = state;
        this.order = order;
    }

    ExportOrder order() {
        return order;
    }

    Progress progress() {
        return progress;
    }

    /** Runs beside {@link #run} until that ends. Blocks. */
    void pushToDisk() {
        writeback.run(blocks);
    }

    /** Instead of {@link #run}. */
    void neverRuns() {
        writeback.close();
    }

    /** What it has written, once it has ended; throws why it has not. */
    List<Exported> outcome() {
        switch (failure) {
            case null -> { }
            case RuntimeException refused -> throw refused;
            case Error broken -> throw broken;
            default -> throw new IllegalStateException(failure);
        }
        return written;
    }

    /** Runs to the end. Blocks. */
    void run() {
        try {
            written = order.window() == null ? last() : window();
        } catch (RuntimeException | Error refused) {
            failure = refused;
        } finally {
            writeback.close();
            blocks.close();
            progress.end();
        }
    }

    private List<Exported> last() {
        drain();
        var sources = sources();
        long wanted = order.toNs() - order.lastNs();
        var span = new long[] {wanted, order.toNs()};
        try (var pin = pin(span)) {
            if (span[0] > wanted) {
                progress.tell("the reservoir holds only the last " + seconds(span[1] - span[0]));
            }
            asked = new Balance(reservoir, wanted, order.toNs());
            return export(sources, span, "the last " + seconds(span[1] - span[0]));
        }
    }

    private List<Exported> window() {
        try (var use = windows.use(order.window())) {
            var sources = sources();
            var window = complete();
            asked = new Balance(reservoir, window.fromNs(), window.toNs());
            var files = export(sources, new long[] {window.fromNs(), window.toNs()}, "window " + window.name());
            windows.release(window.name(), "it was exported to " + order.folder());
            return files;
        }
    }

    /** Otherwise items that came last count as not there, and nobody would know of them. */
    private void drain() {
        if (!reservoir.drain(DRAIN_NS)) {
            progress.tell("the reservoir is more than " + seconds(DRAIN_NS) + " behind: the last items may be missing");
        }
    }

    /** Waits for what is still to come. */
    private Window complete() {
        boolean told = false;
        while (true) {
            var window = windows.find(order.window()).orElseThrow();
            if (!window.kept()) {
                throw new BadInputException("window " + window.name() + " is no longer kept: " + window.reason());
            }
            if (window.state() == Window.State.COMPLETE) {
                return window;
            }
            if (!told) {
                progress.waits("window " + window.name() + " still fills");
                told = true;
            }
            progress.look();
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    private List<String> sources() {
        var known = reservoir.sources();
        for (var source : order.sources()) {
            if (!known.contains(source)) {
                throw new BadInputException("the reservoir has no source '" + source + "'; it knows "
                        + (known.isEmpty() ? "none yet" : String.join(", ", known)));
            }
        }
        return order.all() ? List.copyOf(known) : order.sources().stream().distinct().toList();
    }

    /** Pins the span, shortened to what is still there; the edge moves on meanwhile, so that may take a few steps. */
    private Reservoir.Pin pin(long[] span) {
        long wanted = span[0];
        for (int n = 0;; n++) {
            long edge = reservoir.stats().edgeNs();
            span[0] = edge > wanted ? Math.min(span[1], edge + n * PIN_STEP_NS) : wanted;
            try {
                return reservoir.pin(span[0]);
            } catch (BadInputException refused) {
                if (n == PIN_TRIES || reservoir.stats().edgeNs() <= span[0]) {
                    throw refused;
                }
            }
        }
    }

    private List<Exported> export(List<String> sources, long[] span, String what) {
        long needed = 0;
        try {
            var present = new ArrayList<String>();
            var none = new ArrayList<String>();
            for (var source : sources) {
                progress.look();
                long bytes = estimate(source, span);
                needed += Math.max(0, bytes);
                if (bytes > 0) {
                    present.add(source);
                } else if (bytes == NONE) {
                    nothingOf(source, what);
                    none.add(source);
                }
            }
            if (present.isEmpty()) {
                throw new BadInputException("the reservoir holds no items of " + what + asked.ofAll(sources)
                        + "; ask for a longer window");
            }
            progress.total(needed);
            return write(present, span, needed, none);
        } catch (IOException refused) {
            progress.look(); // what fails after the end was asked for is no news
            throw new UncheckedIOException(sentence(refused, needed), refused);
        }
    }

    private void nothingOf(String source, String what) {
        if (!order.all()) {
            throw new BadInputException("source " + source + " has no items of " + what + asked.ofAll(List.of(source))
                    + "; ask for a longer window");
        }
        progress.tell("left out: nothing is there of " + source + " in " + what + asked.ofAll(List.of(source)));
    }

    static String seconds(long ns) {
        return String.format(Locale.ROOT, "%.1f s", ns / 1e9);
    }

    /** Bytes. Of all sources those are left out, and told, that no file can hold: events. */
    private long estimate(String source, long[] span) throws IOException {
        var estimate = new Estimate();
        try {
            new Cutter(reservoir, source, estimate).walk(span[0], span[1]);
            return estimate.bytes() > 0 ? estimate.bytes() : NONE;
        } catch (BadInputException cannotBe) {
            if (!order.all()) {
                throw cannotBe;
            }
            progress.tell("left out: " + cannotBe.getMessage().split(";")[0]);
            return LEFT_OUT;
        }
    }

    private List<Exported> write(List<String> sources, long[] span, long needed, List<String> none) throws IOException {
        try (var target = new ExportFolder(order.folder(), disk, state);
                var parts = new FileParts(target, progress, writeback, blocks)) {
            if (disk.usableBytes(order.folder()) < needed) {
                throw new IOException("No space left on device");
            }
            for (var source : sources) {
                new Cutter(reservoir, source, parts.source(source)).walk(span[0], span[1]);
            }
            parts.close();
            progress.look();
            target.complete();
            return asked.of(parts.written(), none);
        }
    }

    /** One sentence of what the system said, with what a person can do about it. */
    private String sentence(IOException refused, long needed) {
        var folder = order.folder();
        var reason = refused instanceof FileSystemException file && file.getReason() != null ? file.getReason()
                : refused.getMessage();
        if (refused instanceof AccessDeniedException || "Read-only file system".equals(reason)) {
            return "folder " + folder + " cannot be written; name one of yours, nothing was written";
        }
        if (refused instanceof OvertakenException) {
            return "the disk of " + folder + " took longer over one item of " + refused.getMessage() + " than its ring"
                    + " lasts, which keeps it in place; name a faster disk, or take the source out of reservoir.own,"
                    + " nothing was written";
        }
        if (refused instanceof NoSuchFileException) {
            return "folder " + folder + " went away during the export; name one that stays, nothing was written";
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
