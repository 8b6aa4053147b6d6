// SPDX-License-Identifier: Apache-2.0
package mimir.tck.driver;

import java.time.Duration;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;
import mimir.api.work.Workers;

/**
 * A thread that only sleeps: for as long as it does not come back, the machine runs nobody, and no driver is to blame
 * for being late. Thread-safe.
 */
final class Hiccups implements AutoCloseable {
    private static final long LOOK_NS = 10_000_000;

    private final Worker worker;
    private volatile long longestNs;

    Hiccups(Workers workers) {
        worker = workers.start("tck control", WorkClass.NORMAL, false, this::watch);
    }

    private void watch(Worker self) {
        long before = System.nanoTime();
        while (!self.stopping()) {
            self.pause(LOOK_NS);
            long now = System.nanoTime();
            longestNs = Math.max(longestNs, now - before - LOOK_NS);
            before = now;
        }
    }

    /** What the machine did before does not count any more. */
    void forget() {
        longestNs = 0;
    }

    /** The longest that it did not come back since then. */
    long longestNs() {
        return longestNs;
    }

    @Override
    public void close() {
        worker.stop(Duration.ofSeconds(1));
    }
}
