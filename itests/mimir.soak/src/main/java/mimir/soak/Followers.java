// SPDX-License-Identifier: Apache-2.0
package mimir.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;
import mimir.api.work.Workers;
import mimir.ring.Profile;
import mimir.ring.ReaderStats;
import mimir.ring.Ring;

/**
 * Readers of some sources on a thread of their own, as any bundle has them; they stay open over all swaps. Thread-safe.
 */
final class Followers implements AutoCloseable {
    private static final long LOOK_NS = 5_000_000;

    private final List<Follower> all = new ArrayList<>();
    private final Worker worker;

    Followers(Workers workers, String name, List<Ring> rings, List<Profile> profiles) {
        for (var ring : rings) {
            profiles.forEach(profile -> all.add(new Follower(ring, profile)));
        }
        worker = workers.start(name, WorkClass.HIGH, false, this::run);
    }

    private void run(Worker self) {
        while (!self.stopping()) {
            all.forEach(Follower::drain);
            self.pause(LOOK_NS);
        }
    }

    List<Follower> all() {
        return all;
    }

    /** Items that a reader was too slow for, found torn or found wrong. */
    long lost() {
        return all.stream().map(Follower::stats).mapToLong(Followers::lost).sum();
    }

    private static long lost(ReaderStats stats) {
        return stats.overtaken() + stats.checksumErrors() + (stats.conserved() ? 0 : 1);
    }

    @Override
    public void close() {
        worker.stop(Duration.ofSeconds(5));
        all.forEach(Follower::close);
    }
}
