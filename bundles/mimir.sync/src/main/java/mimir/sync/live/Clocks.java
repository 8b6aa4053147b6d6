// SPDX-License-Identifier: Apache-2.0
package mimir.sync.live;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import mimir.api.source.Source;
import mimir.api.sync.SyncReport;
import mimir.api.sync.SyncReports;
import mimir.api.time.ClockMap;
import mimir.api.time.ClockMaps;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;
import mimir.api.work.Workers;
import mimir.ring.HostClock;
import mimir.ring.Ring;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * Maps the clocks of all sources: one thread observes items, which allocates nothing, another makes known what was
 * found. Thread-safe.
 */
@Component(immediate = true)
public final class Clocks implements ClockMaps, SyncReports {
    private static final long PAUSE_NS = 20_000_000;
    private static final long LONGEST_PAUSE_NS = 100_000_000; // rings hold half a second at least
    private static final int SILENCE_PER_PAUSE = 64;
    private static final long NOTHING_TO_TELL_NS = 60_000_000_000L;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Map<String, Course> courses = new ConcurrentSkipListMap<>();
    private final Map<Long, OtherHost> hosts = new ConcurrentSkipListMap<>();
    private final Workers workers;
    private volatile Course[] all = {};
    private final Worker teller;
    private final Worker observer;

    /** Begins to look. */
    @Activate
    public Clocks(@Reference Workers workers) {
        this.workers = workers;
        teller = workers.start("sync-maps", WorkClass.LOW, false, this::tell);
        observer = workers.start("sync", WorkClass.HIGH, true, this::observe);
    }

    /** A clock stays known when its source goes: the same identity comes again, in another epoch. */
    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    synchronized void addSource(Source source) {
        var known = courses.get(source.id());
        if (known != null) {
            known.host(hostOf(source.ring()));
            known.clock().follow(source.ring());
            return;
        }
        var course = new Course(new SourceClock(source.ring(), source.format()));
        course.host(hostOf(source.ring()));
        courses.put(source.id(), course);
        var more = Arrays.copyOf(all, all.length + 1);
        more[all.length] = course;
        all = more;
    }

    /** Null: this one. */
    private OtherHost hostOf(Ring ring) {
        long id = ring.hostClockId();
        if (id == HostClock.id()) {
            return null;
        }
        var host = hosts.computeIfAbsent(id, another -> new OtherHost(another, workers, teller::wake));
        host.add(ring);
        return host;
    }

    /** Its reader leads to the next incarnation. */
    synchronized void removeSource(Source source) {
        hosts.values().forEach(host -> host.remove(source.ring()));
    }

    private void observe(Worker self) {
        Warmup.run();
        long silentNs = 0;
        while (!self.stopping()) {
            int items = look();
            self.count(items);
            long pause = Math.max(PAUSE_NS, Math.min(LONGEST_PAUSE_NS, silentNs / SILENCE_PER_PAUSE));
            silentNs = items > 0 ? 0 : silentNs + pause;
            self.pause(pause);
        }
    }

    private int look() {
        int items = 0;
        boolean news = false;
        for (var course : all) {
            long before = course.clock().trace().written();
            items += course.clock().read();
            news |= course.clock().trace().written() != before;
        }
        if (news) {
            teller.wake();
        }
        return items;
    }

    private void tell(Worker self) {
        while (!self.stopping()) {
            hosts.values().forEach(OtherHost::tell);
            for (var course : all) {
                course.take();
            }
            self.pause(NOTHING_TO_TELL_NS);
        }
    }

    @Override
    public ClockMap of(String sourceId) {
        var course = courses.get(sourceId);
        return course == null ? null : course.map();
    }

    @Override
    public List<SyncReport> reports() {
        return courses.values().stream().map(Course::newest).filter(Objects::nonNull).toList();
    }

    @Override
    public List<SyncReport> history(String source) {
        var course = courses.get(source);
        return course == null ? List.of() : course.all();
    }

    @Deactivate
    void close() {
        teller.stop(PATIENCE);
        hosts.values().forEach(host -> host.stop(PATIENCE));
        if (observer.stop(PATIENCE)) {
            for (var course : all) {
                course.clock().close();
            }
        }
    }
}
