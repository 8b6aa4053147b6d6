// SPDX-License-Identifier: Apache-2.0
package mimir.soak;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import mimir.api.reservoir.Reservoir;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;
import mimir.api.work.Workers;

/**
 * The most memory that this process has from now on, beyond what it has now: resident anonymous memory but for the
 * pages of the reservoir, which may still be made, and what the heap holds after a collection. Looks 50 times a second.
 * Thread-safe.
 */
final class MostMemory implements AutoCloseable {
    private static final long LOOK_NS = 20_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Reservoir reservoir;
    private final long beforeBytes;
    private final long heapBefore;
    private final Worker worker;
    private volatile long mostBytes;

    MostMemory(Workers workers, Reservoir reservoir) {
        this.reservoir = reservoir;
        System.gc();
        heapBefore = heap();
        beforeBytes = resident();
        mostBytes = beforeBytes;
        worker = workers.start("soak-memory", WorkClass.NORMAL, false, self -> {
            while (!self.stopping()) {
                mostBytes = Math.max(mostBytes, resident());
                self.pause(LOOK_NS);
            }
        });
    }

    /** Pages that are made while it looks count as the reservoir's first: never too little. */
    private long resident() {
        long pages = reservoir.stats().presentBytes();
        return Resources.statusBytes("RssAnon:") - pages;
    }

    private static long heap() {
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Collects garbage first. */
    long mostExtraBytes() {
        System.gc();
        return mostBytes - beforeBytes + Math.max(0, heap() - heapBefore);
    }

    @Override
    public void close() {
        worker.stop(PATIENCE);
    }
}
