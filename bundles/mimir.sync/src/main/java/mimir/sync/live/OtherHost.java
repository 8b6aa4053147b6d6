// SPDX-License-Identifier: Apache-2.0
package mimir.sync.live;

import java.time.Duration;
import java.util.concurrent.CopyOnWriteArrayList;
import mimir.api.time.ClockMap;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;
import mimir.api.work.Workers;
import mimir.ring.HostClock;
import mimir.ring.HostMap;
import mimir.ring.Profile;
import mimir.ring.Ring;
import mimir.ring.RingException;
import mimir.ring.RingReader;
import mimir.ring.Start;
import mimir.sync.ClockEstimator;

/**
 * Another host's clock, as a device: it tells its time with each item, and a worker that waits at the doorbell of one
 * of its sources sees that at once. The worker observes, {@link #tell} belongs to the thread that tells, the rest to
 * anybody.
 */
final class OtherHost {
    private static final long LOOK_NS = 100_000_000;
    private static final int PATIENT_LOOKS = 5; // without an item: then another source is listened to
    private static final double HORIZON_NS = 1e9;
    private static final double SLEW = 500e-6;
    private static final double MOST_NS = 50e6;
    private static final String MODEL = "lower-edge-1";

    private final ClockEstimator estimator = ClockEstimator.ofReadings();
    private final CopyOnWriteArrayList<Ring> rings = new CopyOnWriteArrayList<>();
    private final Runnable news;
    private final Worker worker;
    private final String name;
    private final long id;
    private double half;          // of the newest map; the worker's
    private volatile HostMap told;
    private ClockMap toldOf;      // of the thread that tells

    /** Begins to listen to sources of the host with this clock; {@code news} follow what is found. */
    OtherHost(long id, Workers workers, Runnable news) {
        this.id = id;
        this.name = "host " + Long.toHexString(id);
        this.news = news;
        worker = workers.start("sync-host", WorkClass.HIGH, true, this::listen);
    }

    /** Another source of that host. */
    void add(Ring ring) {
        var known = told;
        rings.addIfAbsent(ring);
        if (known != null) {
            ring.hostMap(id, known);
        }
        worker.wake();
    }

    /** A source of that host is gone; its region may be another's tomorrow. */
    void remove(Ring ring) {
        rings.remove(ring);
    }

    private void listen(Worker self) {
        while (!self.stopping()) {
            if (rings.isEmpty()) {
                self.pause(LOOK_NS);
            } else {
                rings.forEach(ring -> listen(self, ring));
            }
        }
    }

    /** Until nothing comes from there any more and there is another one: to open a reader allocates. */
    private void listen(Worker self, Ring ring) {
        try (var reader = ring.reader("sync-host", Profile.LATEST, Start.NOW)) {
            for (int silent = 0; (silent < PATIENT_LOOKS || rings.size() == 1) && rings.contains(ring)
                    && !self.stopping();) {
                silent = reader.await(LOOK_NS) && look(reader) ? 0 : silent + 1;
                self.count(silent == 0 ? 1 : 0);
                if (reader.ended()) {
                    self.pause(LOOK_NS);
                }
            }
        } catch (RingException givenBack) {
            rings.remove(ring); // it is added again when its source comes again
        }
    }

    private boolean look(RingReader reader) {
        var lease = reader.next();
        if (lease == null) {
            return false;
        }
        long nowNs = HostClock.nowNs();
        if (lease.hostClockId() == id) { // its source may come back with another helper
            estimator.observe(lease.writerHostNs(), nowNs);
        }
        lease.release();
        if (estimator.map().uncertaintyNs() != half) {
            half = estimator.map().uncertaintyNs();
            news.run();
        }
        return true;
    }

    /** That host's clock on canonical time, null as long as nothing is known. Control threads: it allocates. */
    ClockMap map() {
        return estimator.map().snapshot(name, MODEL);
    }

    /** Lets times of the host's items follow what was found. */
    void tell() {
        var found = map();
        if (found == null || found.equals(toldOf)) {
            return;
        }
        toldOf = found;
        told = follow(told, found);
        rings.forEach(ring -> ring.hostMap(id, told));
    }

    /** Goes on from where it was, so that time never goes back, and is right in a second, or as fast as it may. */
    static HostMap follow(HostMap before, ClockMap found) {
        long from = found.deviceReference();
        long right = found.canonicalReferenceNs();
        if (before == null || Math.abs(before.here(from) - right) > MOST_NS) {
            return new HostMap(from, right, found.nsPerTick());
        }
        double off = (right - before.here(from)) / HORIZON_NS;
        return new HostMap(from, before.here(from), found.nsPerTick() + Math.clamp(off, -SLEW, SLEW));
    }

    /** False when its worker did not end in time. */
    boolean stop(Duration patience) {
        rings.forEach(Ring::wake);
        return worker.stop(patience);
    }
}
