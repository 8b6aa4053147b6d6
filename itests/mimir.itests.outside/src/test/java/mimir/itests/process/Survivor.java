// SPDX-License-Identifier: Apache-2.0
package mimir.itests.process;

import mimir.ring.Ending;
import mimir.ring.ForeignRing;
import mimir.ring.HostClock;
import mimir.ring.Profile;
import mimir.ring.ReaderStats;
import mimir.ring.Start;

/** A Java reader of a writer that will be killed: reads to the end and tells when it knew. Confined. */
final class Survivor {
    private static final long ONE_SECOND = 1_000_000_000;

    private final ForeignRing ring;
    private final long target;
    private volatile long seen;

    /** What it saw; {@code position} counts every item up to the last committed one. */
    record Account(Ending ending, long atNs, ReaderStats stats, long unsound, long head) {
    }

    Survivor(ForeignRing ring, long target) {
        this.ring = ring;
        this.target = target;
    }

    Account read() {
        long unsound = 0;
        try (var reader = ring.reader("survivor", Profile.EVERY, Start.OLDEST)) {
            while (reader.ending() == Ending.NOT_YET) {
                var lease = reader.next();
                if (lease == null) {
                    reader.await(ONE_SECOND);
                    continue;
                }
                boolean sound = Items.isSound(lease);
                unsound += lease.release() && !sound ? 1 : 0;
                seen++;
            }
            long now = HostClock.nowNs();
            return new Account(reader.ending(), now, reader.stats(), unsound, ring.stats().published());
        }
    }

    /** True when it has read as much as the test wanted, so that the writer may die. */
    boolean hasSeenEnough() {
        return seen >= target;
    }
}
