// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import mimir.api.BadInputException;
import mimir.api.reservoir.Reservoir;
import mimir.api.reservoir.ReservoirCursor;
import mimir.api.reservoir.ReservoirStats;
import mimir.api.source.Source;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;
import mimir.api.work.Workers;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;

/** The reservoir service: one ingest thread, one worker that makes pages ahead of it. Thread-safe. */
@Component(configurationPid = "mimir.reservoir", configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class RollingReservoir implements Reservoir {
    private static final long PAUSE_NS = 4_000_000;
    private static final long POPULATE_STEP = 64L << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Settings settings;
    private final Logger log;
    private final Ingest ingest;
    private final Worker pages;
    private final Worker worker;
    private final Set<Window> pins = ConcurrentHashMap.newKeySet();

    /** Starts with an empty log; sources are added as they come. */
    @Activate
    public RollingReservoir(Settings.Config config, @Reference Workers workers,
            @Reference(service = LoggerFactory.class) Logger log) {
        this.settings = Settings.of(config);
        this.log = log;
        this.ingest = new Ingest(settings.budgetBytes());
        this.pages = workers.start("reservoir-pages", WorkClass.LOW, false, this::makePages);
        this.worker = workers.start("reservoir", WorkClass.CRITICAL, true, this::run);
    }

    private void makePages(Worker self) {
        while (!self.stopping() && ingest.log().populate(POPULATE_STEP)) {
            Thread.yield();
        }
    }

    private void run(Worker self) {
        Warmup.run(self);
        while (!self.stopping()) {
            self.count(ingest.pass());
            self.pause(PAUSE_NS);
        }
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addSource(Source source) {
        if (!ingest.add(source.ring())) {
            log.warn("the reservoir keeps at most {} sources and has no room for {}", Ingest.MOST_SOURCES, source.id());
        }
    }

    /** The source's service is gone; its history and its reader stay, for it may come back. */
    void removeSource(Source source) {
        log.debug("source {} is gone, its history stays", source.id());
    }

    /** Stops ingest before any memory goes; memory that a stuck thread may still touch stays. */
    @Deactivate
    void close() {
        boolean pagesEnded = pages.stop(PATIENCE);
        if (worker.stop(PATIENCE) && pagesEnded) {
            ingest.closeReaders();
            ingest.log().close();
        } else {
            log.error("the reservoir's threads did not stop; its memory stays mapped");
        }
    }

    @Override
    public ReservoirStats stats() {
        var memory = ingest.log();
        long first = memory.first();
        long end = memory.end();
        long newest = end == 0 ? 0 : memory.key(end - 1);
        long oldest = first < end ? Math.max(memory.key(first), memory.edge()) : newest;
        var perSource = Arrays.stream(ingest.tracks())
                .map(track ->
                new ReservoirStats.PerSource(track.id, track.items(), track.bytes(), track.discontinuities()))
                .sorted(Comparator.comparing(ReservoirStats.PerSource::id)).toList();
        long evicted = Arrays.stream(ingest.tracks()).mapToLong(SourceTrack::evictedItems).sum();
        return new ReservoirStats(settings.budgetBytes(), memory.usedBytes(), pinnedBytes(), oldest, newest, evicted,
                ingest.refused(),
                perSource);
    }

    private long pinnedBytes() {
        long from = earliestPin();
        return from == Long.MAX_VALUE ? 0 : ingest.log().bytesFrom(ingest.log().search(from));
    }

    @Override
    public ReservoirCursor open(String sourceId, long fromNs, long toNs) {
        for (var track : ingest.tracks()) {
            if (track.id.equals(sourceId)) {
                return new LogCursor(ingest.log(), track, fromNs, toNs);
            }
        }
        throw new BadInputException("the reservoir holds nothing of source '" + sourceId + "'; it knows "
                + (sources().isEmpty() ? "no source yet" : String.join(", ", sources())));
    }

    @Override
    public Pin pin(long fromNs) {
        var memory = ingest.log();
        var window = new Window(this, fromNs);
        pins.add(window);
        ingest.pinnedFrom(earliestPin());
        long bytes = memory.bytesFrom(memory.search(fromNs));
        if (fromNs < memory.edge()) {
            window.close();
            throw new BadInputException("the window begins before the edge of the reservoir, which is "
                    + (memory.key(memory.end() - 1) - memory.edge()) / 1_000_000 + " ms back; ask for a shorter one");
        }
        if (bytes > memory.capacityBytes() / 4 * 3) {
            window.close();
            throw new BadInputException("the window would pin " + (bytes >> 20)
                    + " MiB, at most three quarters of the reservoir ("
                    + (memory.capacityBytes() / 4 * 3 >> 20) + " MiB) can be pinned; ask for a shorter one");
        }
        return window;
    }

    private void unpin(Window window) {
        pins.remove(window);
        ingest.pinnedFrom(earliestPin());
    }

    private long earliestPin() {
        return pins.stream().mapToLong(Window::fromNs).min().orElse(Long.MAX_VALUE);
    }

    @Override
    public boolean drain(long timeoutNs) {
        long deadline = System.nanoTime() + timeoutNs;
        var targets = Arrays.stream(ingest.tracks()).collect(Collectors.toMap(track -> track,
                track -> track.reader.stats().published()));
        boolean consumed = false;
        long passes = Long.MAX_VALUE;
        while (System.nanoTime() < deadline) {
            if (!consumed && targets.entrySet().stream().allMatch(target ->
                    consumed(target.getKey()) >= target.getValue())) {
                consumed = true;
                // items that are only looked at count as consumed: one more pass takes them in
                passes = ingest.passes();
            }
            if (consumed && ingest.passes() > passes + 1 && ingest.caughtUp()) {
                return true;
            }
            worker.wake();
            LockSupport.parkNanos(500_000);
        }
        return false;
    }

    private static long consumed(SourceTrack track) {
        var stats = track.reader.stats();
        return stats.published() - stats.pending();
    }

    @Override
    public Collection<String> sources() {
        return Arrays.stream(ingest.tracks()).map(track -> track.id).sorted().toList();
    }

    /** A pinned window. Thread-safe. */
    private record Window(RollingReservoir owner, long fromNs, Object identity) implements Pin {
        Window(RollingReservoir owner, long fromNs) {
            this(owner, fromNs, new Object());
        }

        @Override
        public void close() {
            owner.unpin(this);
        }
    }
}
