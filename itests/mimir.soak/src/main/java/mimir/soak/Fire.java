// SPDX-License-Identifier: Apache-2.0
package mimir.soak;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;
import mimir.api.work.Workers;

/** One who does the same thing again and again, whatever happens around. Thread-safe. */
final class Fire implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long BREATH_NS = 1_000_000;

    private final String name;
    private final AtomicLong times = new AtomicLong();
    private final AtomicLong faults = new AtomicLong();
    private final Worker worker;

    /** Something that may be refused because the device is away just now, and says so. */
    @FunctionalInterface
    interface Deed {
        /**
         * Once.
         *
         * @return true when it was done, false when there was nothing to do it to
         * @throws Exception when it went wrong in a way that nobody should see
         */
        boolean once() throws Exception;
    }

    Fire(Workers workers, String name, Deed deed) {
        this.name = name;
        worker = workers.start("soak-" + name.split(" ")[0], WorkClass.NORMAL, false, self -> run(self, deed));
    }

    private void run(Worker self, Deed deed) {
        while (!self.stopping()) {
            try {
                times.addAndGet(deed.once() ? 1 : 0);
            } catch (Exception wrong) {
                if (!self.stopping() && faults.getAndIncrement() == 0) {
                    System.err.println(name + ": " + wrong);
                }
            }
            self.pause(BREATH_NS);
        }
    }

    String name() {
        return name;
    }

    long times() {
        return times.get();
    }

    long faults() {
        return faults.get();
    }

    @Override
    public void close() {
        worker.stop(PATIENCE);
    }
}
