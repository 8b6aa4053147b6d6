// SPDX-License-Identifier: Apache-2.0
package mimir.soak;

import java.time.Duration;
import java.util.ArrayDeque;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;
import mimir.api.work.Workers;
import mimir.ring.HostClock;

/**
 * A control thread that does nothing but sleep a millisecond at a time: where it comes back late, the machine stood
 * still for everybody. Thread-safe.
 */
final class Pulse implements AutoCloseable {
    /** What is shorter is the price of waking up, and is not told. */
    static final long SHORTEST_NS = 5_000_000;
    private static final long SLEEP_NS = 1_000_000;
    private static final int MOST = 10_000;

    private final ArrayDeque<Still> stills = new ArrayDeque<>(); // guarded by this
    private final Worker worker;
    private long longestNs;                                      // guarded by this

    private record Still(long fromNs, long toNs) {
    }

    Pulse(Workers workers) {
        worker = workers.start("soak-pulse", WorkClass.HIGH, false, this::run);
    }

    private void run(Worker self) {
        long before = HostClock.nowNs();
        while (!self.stopping()) {
            self.pause(SLEEP_NS);
            long now = HostClock.nowNs();
            if (now - before - SLEEP_NS > SHORTEST_NS) {
                stood(new Still(before + SLEEP_NS, now));
            }
            before = now;
        }
    }

    private synchronized void stood(Still still) {
        if (stills.size() == MOST) {
            stills.removeFirst();
        }
        stills.add(still);
        longestNs = Math.max(longestNs, still.toNs() - still.fromNs());
    }

    /** For how long it stood still between two host times. */
    synchronized long stillNs(long fromNs, long toNs) {
        return stills.stream().mapToLong(still ->
                Math.max(0, Math.min(toNs, still.toNs()) - Math.max(fromNs, still.fromNs()))).sum();
    }

    synchronized long longestNs() {
        return longestNs;
    }

    @Override
    public void close() {
        worker.stop(Duration.ofSeconds(1));
    }
}
