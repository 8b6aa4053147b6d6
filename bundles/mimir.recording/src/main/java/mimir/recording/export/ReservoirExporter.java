// SPDX-License-Identifier: Apache-2.0
package mimir.recording.export;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import mimir.api.BadInputException;
import mimir.api.recording.Exporter;
import mimir.api.reservoir.Reservoir;
import mimir.api.reservoir.Windows;
import mimir.api.work.WorkClass;
import mimir.api.work.Workers;
import mimir.ring.HostClock;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;

/**
 * Exports one window at a time, on a thread of its own: whoever waits for it hears how far it is and can give it up,
 * whatever its disk does. Thread-safe.
 */
@Component(immediate = true) // what a kill has left goes at the start, not at the next export
public final class ReservoirExporter implements Exporter {
    private static final long STOP_S = 2;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(STOP_S);
    private static final String STOPS = "the export was given up because Mimir stops, or a bundle that it needs";
    private static final String IN_VAIN = "; nothing was written";

    private final Reservoir reservoir;
    private final Windows windows;
    private final Workers workers;
    private final Disk disk;
    private final Path state;
    private final Semaphore turn = new Semaphore(1); // given back by the thread of the export
    private final AtomicReference<ExportJob> running = new AtomicReference<>();
    private volatile boolean stopping;

    /** Over the reservoir of the platform; what a killed process has left of an export goes. */
    @Activate
    public ReservoirExporter(BundleContext context, @Reference Reservoir reservoir, @Reference Windows windows,
            @Reference Workers workers, @Reference(service = LoggerFactory.class) Logger log) {
        this(reservoir, windows, workers, Disk.REAL, state(context));
        cleanUp(log);
    }

    /** @param state the folder of what is kept; null where there is none */
    ReservoirExporter(Reservoir reservoir, Windows windows, Workers workers, Disk disk, Path state) {
        this.reservoir = reservoir;
        this.windows = windows;
        this.workers = workers;
        this.disk = disk;
        this.state = state;
    }

    private static Path state(BundleContext context) {
        var told = context.getProperty("mimir.state");
        return told == null ? null : Path.of(told);
    }

    void cleanUp(Logger log) {
        try {
            for (var part : Unfinished.cleanUp(state)) {
                log.warn("an export was cut off when Mimir was killed; its unfinished file {} is taken away", part);
            }
        } catch (IOException | InvalidPathException refused) {
            log.warn("what an export left that was cut off cannot be taken away: {}", refused.getMessage());
        }
    }

    /** Gives up an export that runs and waits until it has taken its files away. */
    @Deactivate
    public void close() throws InterruptedException {
        stopping = true;
        giveUp(STOPS + IN_VAIN);
        if (turn.tryAcquire(STOP_S, TimeUnit.SECONDS)) {
            turn.release();
        }
    }

    @Override
    public List<Exported> export(List<String> sources, long lastNs, Path folder, Consumer<String> progress) {
        long toNs = HostClock.nowNs();
        if (lastNs <= 0) {
            throw new BadInputException("the window of an export must be longer than nothing: " + lastNs + " ns");
        }
        return export(new ExportOrder(List.copyOf(sources), null, lastNs, toNs, folder), progress);
    }

    @Override
    public List<Exported> exportWindow(String window, List<String> sources, Path folder, Consumer<String> progress) {
        return export(new ExportOrder(List.copyOf(sources), window, 0, 0, folder), progress);
    }

    @Override
    public boolean cancel() {
        var job = running.get();
        return job != null && giveUp("the export to " + job.order().folder() + " was given up" + IN_VAIN);
    }

    private boolean giveUp(String sentence) {
        var job = running.get();
        if (job != null) {
            job.progress().giveUp(sentence);
        }
        return job != null;
    }

    private List<Exported> export(ExportOrder order, Consumer<String> progress) {
        var job = new ExportJob(reservoir, windows, disk, state, order);
        boolean begun = false;
        try {
            while (!turn.tryAcquire(STOP_S, TimeUnit.SECONDS)) {
                progress.accept("another export runs; this one waits for it");
            }
            begin(job);
            begun = true;
            job.progress().follow(progress, Long.MAX_VALUE);
            running.compareAndSet(job, null); // its thread may have the rest of its end before it
            return job.outcome();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw begun ? end(job) : givenUp(order, IN_VAIN);
        }
    }

    private void begin(ExportJob job) {
        running.set(job);
        if (stopping) {
            job.progress().giveUp(STOPS + IN_VAIN);
        }
        boolean started = false;
        try {
            workers.start("export-disk", WorkClass.LOW, false, self -> job.pushToDisk());
            workers.start("export", WorkClass.LOW, false, self -> run(job));
            started = true;
        } finally {
            if (!started) {
                job.neverRuns();
                end();
            }
        }
    }

    private void run(ExportJob job) {
        try {
            job.run();
        } finally {
            end();
        }
    }

    private void end() {
        running.set(null);
        turn.release();
    }

    /** The caller goes: the files go with it, at once unless the disk stands still. */
    private static RuntimeException end(ExportJob job) {
        job.progress().giveUp("the export to " + job.order().folder() + " was interrupted" + IN_VAIN);
        Thread.interrupted();
        try {
            if (job.progress().follow(line -> { }, PATIENCE_NS)) {
                job.outcome();
            }
        } catch (RuntimeException ended) {
            return ended;
        } catch (InterruptedException again) {
            Thread.currentThread().interrupt();
        }
        return givenUp(job.order(), "; what it has begun goes as soon as the disk answers");
    }

    private static RuntimeException givenUp(ExportOrder order, String how) {
        return new CancellationException("the export to " + order.folder() + " was interrupted" + how);
    }
}
