// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import mimir.api.BadInputException;
import mimir.api.media.SampleFormat;
import mimir.api.reservoir.ItemSets;
import mimir.api.reservoir.Missing;
import mimir.api.reservoir.Reservoir;
import mimir.api.reservoir.ReservoirCursor;
import mimir.api.reservoir.ReservoirStats;
import mimir.api.reservoir.SampleRuns;
import mimir.api.reservoir.RetainedItems;
import mimir.api.reservoir.Retention;
import mimir.api.reservoir.Window;
import mimir.api.reservoir.Windows;
import mimir.api.source.Source;
import mimir.api.time.ClockMaps;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;
import mimir.api.work.Workers;
import mimir.ring.HostClock;
import mimir.ring.ReaderStats;
import mimir.ring.Ring;
import mimir.ring.RingException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;

/**
 * The reservoir service: one ingest thread, one worker that makes pages ahead of it, and at first one that warms its
 * code up. Thread-safe.
 */
@Component(immediate = true, configurationPid = "mimir.reservoir", configurationPolicy = ConfigurationPolicy.REQUIRE,
        service = {Reservoir.class, Retention.class, Windows.class})
public final class RollingReservoir implements Reservoir, Retention, Windows {
    private static final long PAUSE_NS = 4_000_000; // 3,000 blocks per second are taken in 250 looks
    private static final long LONGEST_PAUSE_NS = 100_000_000; // rings hold half a second at least
    private static final int SILENCE_PER_PAUSE = 64;
    private static final long DRAIN_LOOK_NS = 500_000;
    private static final long WINDOW_DRAIN_NS = 500_000_000;
    private static final long FIRST_PAGES = 64L << 20;
    private static final long GRACE_NS = 5_000_000_000L;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final long budgetBytes;
    private final Logger log;
    private final Ingest ingest;
    private final ReservoirLog memory;
    private final Pins pins;
    private final Clocks clocks = new Clocks();
    private final WindowBook windows;
    private final Workers workers;
    private volatile boolean givingBack;
    private volatile Worker oldRings; // the last one that gave memory of rings back
    private Worker attendant; // of the windows, from the first one on; guarded by windows
    private boolean closing;  // guarded by windows
    private final RingPages ringPages;
    private final PageMaker pageMaker;
    private final Worker warmup;
    private volatile Worker worker; // null before it begins

    /**
     * With an empty log; sources are added as they come. Waits for the first pages only, tenths of a second, so that
     * nothing is lost of a source that is there already.
     */
    @Activate
    public RollingReservoir(Settings.Config config, @Reference Workers workers,
            @Reference(service = LoggerFactory.class) Logger log) {
        var settings = Settings.of(config);
        this.budgetBytes = settings.budgetBytes();
        this.log = log;
        this.ingest = new Ingest(budgetBytes);
        this.memory = ingest.log();
        this.pins = new Pins(memory);
        this.windows = new WindowBook(memory, pins, HostClock::nowNs);
        this.workers = workers;
        firstPages();
        this.ringPages = new RingPages(true, log);
        this.pageMaker = new PageMaker(memory, ringPages, settings.whole(), PageMaker.HURRY_NS, log);
        pageMaker.begin(workers);
        this.warmup = workers.start("reservoir-warm-up", WorkClass.NORMAL, false, this::warmUp);
    }

    /**
     * Begins to take in, once the sources that are there have been added: the references of a component are bound
     * before. What their rings hold is history of all of them together and comes in by its time. Of one ring alone it
     * would be followed by all that is older in the others, and be let go before that.
     */
    @Activate
    void begin() {
        worker = workers.start("reservoir", WorkClass.CRITICAL, true, this::run);
    }

    private void firstPages() {
        try {
            memory.populate(FIRST_PAGES);
        } catch (RingException noMemory) {
            ingest.close(Duration.ZERO);
            throw noMemory;
        }
    }

    /**
     * Not on the ingest thread, where the code is compiled no sooner: to map and to give back memory waits for whoever
     * else does so in this process, and sources publish already. Compiled code stays with the classes: only the first
     * reservoir of this bundle begins cold, and no later one takes a second of a core for that.
     */
    private void warmUp(Worker self) {
        if (Warmup.DONE.get()) {
            return;
        }
        try (var rounds = new Warmup()) {
            boolean more = true;
            while (more && !self.stopping()) {
                more = rounds.step();
            }
            Warmup.DONE.compareAndSet(false, !more);
        } catch (RingException noMemory) {
            log.warn("the reservoir begins cold: {}", noMemory.getMessage());
        }
    }

    private void run(Worker self) {
        long silentNs = 0;
        while (!self.stopping()) {
            int items = ingest.pass();
            self.count(items);
            if (!givingBack && ingest.hasRetired()) {
                givingBack = true;
                oldRings = workers.start("reservoir-old-rings", WorkClass.LOW, false, this::giveBack);
            }
            long pause = pauseAfter(silentNs);
            silentNs = items > 0 ? 0 : silentNs + pause;
            self.pause(pause);
        }
    }

    /** Memory of a ring whose last item went: not at once, for somebody may just be finding out that it did. */
    private void giveBack(Worker self) {
        self.pause(GRACE_NS);
        givingBack = false;
        ingest.closeRetired();
    }

    /**
     * The longer nothing came the rarer the looks, or an idle platform would spend its time on them. Not by clamp: the
     * JVM makes its exception text once, on this thread.
     */
    private static long pauseAfter(long silentNs) {
        return Math.max(PAUSE_NS, Math.min(LONGEST_PAUSE_NS, silentNs / SILENCE_PER_PAUSE));
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addSource(Source source) {
        int leftOut = ingest.add(source.ring());
        if (leftOut > 0) {
            log.info("source {} comes after the reservoir has begun: {} items that its ring holds of before are left"
                    + " out, for they would take the history of the others along", source.id(), leftOut);
        }
        if (leftOut == Ingest.NO_PLACE) {
            log.warn("the reservoir keeps {} sources at most and leaves out {}; restart it to forget those that went",
                    Ingest.MOST_SOURCES, source.id());
        }
        if (ringPages.add(source.ring())) {
            pageMaker.begin(workers);
        }
    }

    /** The source's service is gone; its history and its reader stay, for it may come back. */
    void removeSource(Source source) {
        log.debug("source {} is gone, its history stays", source.id());
    }

    @Override
    public boolean keep(Ring ring) {
        boolean kept = ingest.keep(ring);
        if (!kept) {
            log.warn("the reservoir keeps {} rings of results at most and leaves out {}; detach some, or restart it",
                    Ingest.MOST_RINGS - Ingest.MOST_SOURCES, ring.identity());
        }
        return kept;
    }

    @Override
    public void letGo(Ring ring) {
        ingest.letGo(ring);
        worker.wake();
    }

    @Override
    public RetainedItems open(String identity) {
        var track = ingest.track(identity);
        return track == null || track.source || track.gone() && track.items() == 0 ? null
                : new LadderCursor(memory, track);
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void setMaps(ClockMaps maps) {
        clocks.maps(maps);
    }

    void unsetMaps(ClockMaps maps) {
        if (clocks.maps() == maps) {
            clocks.maps(null);
        }
    }

    /** Stops the threads before any memory goes; memory that one of them may still touch stays. */
    @Deactivate
    void close() {
        var kept = windows.list().stream().filter(Window::kept).map(Window::name).toList();
        if (!kept.isEmpty()) {
            log.warn("the reservoir stops, and with it go the windows {}; what rings keep in place is found again when"
                    + " it starts: open them anew then", String.join(", ", kept));
        }
        boolean alone = stopAttendant();
        warmup.stop(PATIENCE); // it has memory of its own and gives it back whenever it ends
        boolean ended = alone & (worker == null || worker.stop(PATIENCE)) & pageMaker.end(PATIENCE);
        ended &= oldRings == null || oldRings.stop(PATIENCE);
        if (!ended || !ingest.close(PATIENCE)) {
            log.error("the reservoir's memory is still in use and stays mapped, {} MiB, until the process ends",
                    budgetBytes >> 20);
        }
    }

    private boolean stopAttendant() {
        Worker last;
        synchronized (windows) {
            closing = true;
            last = attendant;
        }
        return last == null || last.stop(PATIENCE);
    }

    @Override
    public ReservoirStats stats() {
        long end = memory.end();
        long newest = end == 0 ? 0 : memory.index.key(end - 1);
        long edge = memory.edge();
        long oldest = end == 0 ? 0 : memory.index.key(memory.first()); // while nothing has gone, the very first item
        var tracks = ingest.tracks();
        long rings = Arrays.stream(tracks).mapToLong(track -> track.holds.bytes()).sum();
        long present = Arrays.stream(tracks).mapToLong(track -> track.holds.presentBytes()).sum();
        return new ReservoirStats(budgetBytes + rings, memory.presentOf(budgetBytes) + present,
                memory.bytesFrom(memory.first()), pins.bytes(), edge == Long.MIN_VALUE ? oldest : edge, newest,
                Arrays.stream(tracks).mapToLong(SourceTrack::evicted).sum(), ingest.refused(),
                each(tracks, true), each(tracks, false));
    }

    private static List<ReservoirStats.PerSource> each(SourceTrack[] tracks, boolean source) {
        return Arrays.stream(tracks).filter(track -> track.source == source).map(RollingReservoir::stats)
                .sorted(Comparator.comparing(ReservoirStats.PerSource::id)).toList();
    }

    private static ReservoirStats.PerSource stats(SourceTrack track) {
        var ring = track.holds.current();
        return new ReservoirStats.PerSource(track.id, track.items(), track.bytes(), track.discontinuities(),
                ring == null ? 0 : Ingest.kept(ring), track.holds.presentBytes(), track.lost());
    }

    @Override
    public ReservoirCursor open(String sourceId, long fromNs, long toNs) {
        return new LogCursor(memory, track(sourceId), fromNs, toNs);
    }

    @Override
    public SampleRuns samples(String sourceId, long fromNs, long toNs) {
        var track = track(sourceId);
        var any = new LogCursor(memory, track, Long.MIN_VALUE, Long.MAX_VALUE);
        if (any.nearest(fromNs) && any.format().code() != SampleFormat.F32_PLANAR.code()) {
            throw new BadInputException(sourceId + " sends no samples; open its items instead");
        }
        var map = clocks.of(sourceId);
        long early = SampleWalk.EARLY_NS + (map == null ? 0 : map.uncertaintyNs());
        long from = fromNs < Long.MIN_VALUE + early ? Long.MIN_VALUE : fromNs - early;
        return new SampleWalk(new LogCursor(memory, track, from, Long.MAX_VALUE), map, fromNs, toNs);
    }

    @Override
    public ItemSets sets(List<String> sourceIds, long fromNs, long toNs, long toleranceNs) {
        var ids = sourceIds.isEmpty() ? sources() : sourceIds;
        if (toleranceNs < 0 || new HashSet<>(ids).size() < ids.size()) {
            throw new BadInputException("sets are of sources that differ, within a tolerance that is not negative; they"
                    + " were to be of " + String.join(", ", ids) + " within " + toleranceNs + " ns");
        }
        return new SetWalk(memory, ids.stream().map(this::track).toList(), clocks, fromNs, toNs, toleranceNs);
    }

    @Override
    public Missing missing(String sourceId, long fromNs, long toNs) {
        var track = track(sourceId);
        return track.missed.between(fromNs, toNs, track.evicted());
    }

    private SourceTrack track(String sourceId) {
        var track = ingest.track(sourceId);
        if (track == null || !track.source) {
            throw new BadInputException("the reservoir holds nothing of source '" + sourceId + "'; it knows "
                    + (sources().isEmpty() ? "no source yet" : String.join(", ", sources())));
        }
        return track;
    }

    @Override
    public Pin pin(long fromNs) {
        return pins.pin(fromNs);
    }

    @Override
    public boolean drain(long timeoutNs) {
        long deadline = System.nanoTime() + timeoutNs;
        var published = Arrays.stream(ingest.tracks()).filter(track -> !track.gone())
                .collect(Collectors.toMap(track -> track, track -> track.reader().stats().published()));
        long passes = Long.MAX_VALUE;
        do {
            if (passes == Long.MAX_VALUE && published.entrySet().stream().allMatch(RollingReservoir::consumed)) {
                passes = ingest.passes() + 2; // an item that waits to be taken counts as consumed: one whole pass
            }
            if (ingest.passes() >= passes && ingest.caughtUp()) {
                return true;
            }
            worker.wake();
            LockSupport.parkNanos(DRAIN_LOOK_NS);
        } while (System.nanoTime() < deadline);
        return false;
    }

    private static boolean consumed(Map.Entry<SourceTrack, Long> published) {
        ReaderStats stats = published.getKey().reader().stats();
        return stats.published() - stats.pending() >= published.getValue();
    }

    @Override
    public Collection<String> sources() {
        return Arrays.stream(ingest.tracks()).filter(track -> track.source).map(track -> track.id).sorted().toList();
    }

    @Override
    public Window open(Request request) {
        var window = windows.open(request);
        synchronized (windows) {
            if (attendant == null && !closing) {
                attendant = workers.start("reservoir-windows", WorkClass.NORMAL, false, self ->
                        windows.run(self, () -> drain(WINDOW_DRAIN_NS)));
            }
        }
        return window;
    }

    @Override
    public List<Window> list() {
        return windows.list();
    }

    @Override
    public Optional<Window> find(String name) {
        return windows.find(name);
    }

    @Override
    public Pin use(String name) {
        return windows.use(name);
    }

    @Override
    public boolean release(String name, String reason) {
        return windows.release(name, reason);
    }
}
