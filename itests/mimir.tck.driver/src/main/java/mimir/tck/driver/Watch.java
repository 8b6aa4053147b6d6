// SPDX-License-Identifier: Apache-2.0
package mimir.tck.driver;

import java.time.Duration;
import java.util.List;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;
import mimir.api.work.Workers;

/** Follows sources on a thread of its own until it is closed. Made and closed by one thread. */
final class Watch implements AutoCloseable {
    private static final Duration JOIN = Duration.ofSeconds(5);
    private static final long LOOK_NS = 2_000_000;

    private final List<Follower> followers;
    private final Worker worker;
    private volatile RuntimeException failure;
    private volatile long items;

    /** The followers belong to the watch until it is closed. */
    Watch(Workers workers, List<Follower> followers) {
        this.followers = followers;
        worker = workers.start("tck watch", WorkClass.NORMAL, false, this::run);
    }

    private void run(Worker self) {
        try {
            while (!self.stopping()) {
                if (!look()) {
                    self.pause(LOOK_NS);
                }
            }
            look();
        } catch (RuntimeException fault) {
            failure = fault;
        }
    }

    private boolean look() {
        boolean any = false;
        for (var follower : followers) {
            while (follower.next(Duration.ZERO) != null) {
                any = true;
                items++;
            }
        }
        return any;
    }

    /** Items so far. */
    long items() {
        return items;
    }

    /** Throws what the watch has met. */
    void check() {
        if (failure != null) {
            throw failure;
        }
    }

    /** Ends the watch; the followers are the caller's again. */
    @Override
    public void close() {
        if (!worker.stop(JOIN)) {
            throw new IllegalStateException("a reader of the kit did not end within " + JOIN.toSeconds() + " s");
        }
    }
}
