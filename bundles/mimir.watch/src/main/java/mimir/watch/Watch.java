// SPDX-License-Identifier: Apache-2.0
package mimir.watch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.LockSupport;
import mimir.api.analysis.Analyzers;
import mimir.api.analysis.Analyzers.StageStats;
import mimir.api.report.Alarm;
import mimir.api.report.Reporter;
import mimir.api.reservoir.Reservoir;
import mimir.api.reservoir.ReservoirStats;
import mimir.api.rig.Devices;
import mimir.api.source.Source;
import mimir.api.source.SourceProperties;
import mimir.api.swap.Swapper;
import mimir.api.sync.TruthReport;
import mimir.api.sync.TruthReports;
import mimir.api.time.ClockMap;
import mimir.api.time.ClockMaps;
import mimir.api.time.TruthSource;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;
import mimir.api.work.Workers;
import mimir.ring.Abi;
import mimir.ring.HostClock;
import mimir.ring.Ring;
import mimir.ring.RingStats;
import mimir.ring.Rings;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;

/** Keeps the account of the run and writes the report. Thread-safe. */
@Component
public final class Watch implements Reporter, TruthReports {
    private static final long TICK_NS = 250_000_000;
    private static final int TICKS_A_JUDGEMENT = 16; // an alarm takes ten seconds of looks anyway
    private static final int TICKS_A_LOOK = 4; // a source is dead after two seconds; who is idle should cost nothing
    private static final long DRAIN_NS = 2_000_000_000L;
    private static final long LOOK_NS = 2_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Workers workers;
    private final Logger log;
    private final Map<String, KnownSource> sources = new ConcurrentSkipListMap<>();
    private final Map<String, Source> present = new ConcurrentHashMap<>();
    private final Set<String> over = ConcurrentHashMap.newKeySet(); // have sent all that they ever will
    private final Stages stages = new Stages();
    private final DeadSources dead;
    private volatile List<Alarm> atEnd; // alarms at the end of a run; null before it
    private final InPlaceReader inPlace = new InPlaceReader();
    private final Truths truths;
    private final Account account;
    private final Worker ticker;
    private final Worker reader;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile Reservoir reservoir;
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile Swapper swapper;
    private volatile ClockMaps clockMaps;
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile Analyzers analyzers;
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile Rings ringService;
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile Devices devices;

    /** Begins to watch; until {@link #begin} the account is that of the platform since here. */
    @Activate
    public Watch(@Reference Workers workers, @Reference(service = LoggerFactory.class) Logger log) {
        this.workers = workers;
        this.log = log;
        this.dead = new DeadSources(log);
        this.truths = new Truths(inPlace.looks(), this::kind, log);
        this.account = new Account(this::sample);
        this.ticker = workers.start("watch", WorkClass.LOW, false, this::tick);
        this.reader = workers.start("watch-reader", WorkClass.NORMAL, true, inPlace::run);
    }

    private void tick(Worker self) {
        for (int ticks = 0; !self.stopping(); ticks++) {
            account.tick();
            stages();
            if (ticks % TICKS_A_LOOK == 0) {
                lookForTheDead();
            }
            if (ticks % TICKS_A_JUDGEMENT == 0) {
                truths.judge();
            }
            self.pause(TICK_NS);
        }
    }

    private void lookForTheDead() {
        var wanted = devices;
        var seen = present.keySet().stream().map(sources::get).map(this::seen).toList();
        dead.look(HostClock.nowNs(), seen, wanted == null ? List.of() : wanted.list(), this::lastItemNs);
    }

    private long lastItemNs(String id) {
        var source = sources.get(id);
        return source == null ? 0 : source.ring().stats().lastCommitNs();
    }

    private DeadSources.Seen seen(KnownSource source) {
        var ring = source.ring().stats();
        return new DeadSources.Seen(source.id(), source.bundle(), source.rateAskedHz(), over.contains(source.id()),
                ring.state(), ring.published(), ring.droppedAtSource());
    }

    /** Devices that differ in nothing of this have the same constant delay. */
    private Object kind(String id) {
        var source = sources.get(id);
        return source == null ? id : List.of(source.bundle(), source.format());
    }

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void setMaps(ClockMaps maps) {
        clockMaps = maps;
        inPlace.maps(maps);
    }

    void unsetMaps(ClockMaps maps) {
        if (clockMaps == maps) {
            setMaps(null);
        }
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addTruth(TruthSource truth) {
        inPlace.looks(truth.id()).truth(truth);
    }

    /** What was seen stays. */
    void removeTruth(TruthSource truth) {
        inPlace.looks(truth.id()).forget(truth);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addSource(Source source, Map<String, Object> properties) {
        sources.put(source.id(), KnownSource.of(source));
        updatedSource(source, properties);
        present.put(source.id(), source);
        inPlace.add(source.ring());
    }

    void updatedSource(Source source, Map<String, Object> properties) {
        if (Boolean.TRUE.equals(properties.get(SourceProperties.ENDED))) {
            over.add(source.id());
        } else {
            over.remove(source.id());
        }
    }

    /** It stays known: the report is made when all is over. */
    void removeSource(Source source) {
        present.remove(source.id(), source);
        log.debug("source {} is gone, its account stays", source.id());
    }

    @Deactivate
    void close() {
        ticker.stop(PATIENCE);
        if (reader.stop(PATIENCE)) {
            inPlace.close();
        }
    }

    private Sample sample() {
        return Sample.take(workers.threads(), rings(), stages());
    }

    /** The stages that there are and were, newest accounts; the last known when an analyser holds the engine up. */
    private List<StageStats> stages() {
        var now = analyzers;
        try {
            if (now != null) {
                stages.seen(now.stages());
            }
        } catch (IllegalStateException heldUp) {
            log.debug("the account of analysers is the last that was known: {}", heldUp.getMessage());
        }
        return stages.all();
    }

    /** Rings of results, in order of identity; that of a source is named so, with what its type is called behind it. */
    private List<RingStats> results() {
        var now = ringService;
        return now == null ? List.of() : now.list().stream().filter(this::holdsResults).map(Ring::stats).toList();
    }

    private boolean holdsResults(Ring ring) {
        int slash = ring.identity().lastIndexOf('/');
        return slash > 0 && sources.containsKey(ring.identity().substring(0, slash));
    }

    private Map<String, RingStats> rings() {
        var rings = new HashMap<String, RingStats>();
        sources.forEach((id, source) -> rings.put(id, source.ring().stats()));
        return rings;
    }

    @Override
    public void begin(Duration warmup) {
        atEnd = null;
        account.begin(warmup);
    }

    @Override
    public void end() {
        atEnd = dead.alarms();
        account.end();
    }

    @Override
    public String json() {
        drain();
        var rings = rings();
        var swaps = swapper;
        var results = results();
        var analysis = new AnalysisJson(account.span(), stages(), results);
        return new ReportJson(account.span(), sources.values(), rings, new ClocksJson(clocks(), truths.judge()), held(),
                swaps == null ? List.of() : swaps.history(), analysis,
                findings(rings.values(), results, analysis.stages())).text();
    }

    /** What the reservoir holds; null without one. */
    private ReservoirStats held() {
        var memory = reservoir;
        try {
            return memory == null ? null : memory.stats();
        } catch (IllegalStateException stopped) {
            log.debug("the report tells nothing of the reservoir: {}", stopped.getMessage());
            return null;
        }
    }

    private Map<String, ClockMap> clocks() {
        var maps = clockMaps;
        var clocks = new HashMap<String, ClockMap>();
        if (maps != null) {
            sources.keySet().forEach(id -> clocks.computeIfAbsent(id, maps::of));
        }
        return clocks;
    }

    private void drain() {
        long deadline = System.nanoTime() + DRAIN_NS;
        var idle = stages().stream().filter(stage -> !stage.state().equals("running")).toList();
        var backlog = new Backlog(rings(), (ring, reader) -> Stages.isReader(idle, ring, reader));
        var memory = reservoir;
        boolean drained = memory == null || memory.drain(DRAIN_NS);
        for (var rings = rings(); isLeaving(rings) || !backlog.isReadIn(rings); rings = rings()) {
            if (System.nanoTime() > deadline) {
                drained = false;
                break;
            }
            reader.wake();
            LockSupport.parkNanos(LOOK_NS);
        }
        if (!drained) {
            log.warn("not every reader has drained within {} ms; the report counts what is pending",
                    DRAIN_NS / 1_000_000);
        }
    }

    /** A driver takes its source away first and stops the device then; until that has ended, more may come. */
    private boolean isLeaving(Map<String, RingStats> rings) {
        return rings.entrySet().stream().anyMatch(ring -> ring.getValue().state() == Abi.STATE_LIVE
                && !present.containsKey(ring.getKey()));
    }

    @Override
    public List<String> findings() {
        return findings(rings().values(), results(), stages());
    }

    private List<String> findings(Collection<RingStats> rings, List<RingStats> results, List<StageStats> staged) {
        var findings = new ArrayList<>(Findings.of(rings, results, staged, alarmsToTell()));
        findings.addAll(truths.alarms());
        var memory = held();
        if (memory != null && memory.refused() > 0) {
            findings.add("the reservoir had no room for items, as windows or an export kept its memory: "
                    + memory.refused());
        }
        return List.copyOf(findings);
    }

    /** After a run its devices are gone, and so are their alarms: those of its end count. */
    private List<Alarm> alarmsToTell() {
        var ended = atEnd;
        return ended == null ? dead.alarms() : ended;
    }

    @Override
    public List<Alarm> alarms() {
        return dead.alarms();
    }

    @Override
    public List<TruthReport> truths() {
        return List.copyOf(truths.judge().values());
    }

    @Override
    public List<TruthReport.Look> looks(String source) {
        return truths.of(source);
    }
}
