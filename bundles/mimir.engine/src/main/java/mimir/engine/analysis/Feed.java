// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import java.time.Duration;
import java.util.Arrays;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;
import mimir.api.work.Workers;
import mimir.ring.Profile;
import mimir.ring.RingReader;
import mimir.ring.Start;

/**
 * Sleeps at the doorbell of one source and tells its stages that there is something to look at. Stages are added and
 * removed by control threads; {@link #look} belongs to the worker.
 */
final class Feed {
    private static final double MANY_PER_SECOND = 500;
    private static final long PAUSE_NS = 2_000_000; // thousands of blocks per second are told in 500 looks
    private static final long SLEEP_NS = 250_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final RingReader reader;
    private final boolean fast;
    private final Worker worker;
    private volatile StageLoop[] stages = {};

    Feed(KnownSource source, Workers workers) {
        this.reader = source.ring().reader("analysis", Profile.LATEST, Start.NOW);
        this.fast = source.itemsPerSecond() > MANY_PER_SECOND;
        this.worker = workers.start("feed " + source.id(), WorkClass.HIGH, true, this::run);
    }

    void add(StageLoop stage) {
        var more = Arrays.copyOf(stages, stages.length + 1);
        more[stages.length] = stage;
        stages = more;
    }

    /** Returns whether there are others. */
    boolean remove(StageLoop stage) {
        stages = Arrays.stream(stages).filter(one -> one != stage).toArray(StageLoop[]::new);
        return stages.length > 0;
    }

    private void run(Worker self) {
        while (!self.stopping()) {
            if (reader.await(SLEEP_NS)) {
                int items = look();
                self.count(items);
                if (fast || items == 0) {
                    self.pause(PAUSE_NS);
                }
            }
        }
        reader.close();
    }

    /** Tells all stages when there is something new. Returns how many items it saw. */
    int look() {
        var newest = reader.next();
        if (newest == null) {
            return 0;
        }
        long hostNs = newest.descriptor().hostTimeNs();
        newest.release();
        for (var stage : stages) {
            stage.nudge(hostNs);
        }
        return 1;
    }

    /** Ends the worker; it closes its reader itself. */
    void close() {
        reader.wake();
        worker.stop(PATIENCE);
    }
}
