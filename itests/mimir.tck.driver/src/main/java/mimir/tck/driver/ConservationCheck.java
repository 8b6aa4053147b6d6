// SPDX-License-Identifier: Apache-2.0
package mimir.tck.driver;

import java.time.Duration;
import mimir.api.time.TruthSource;
import mimir.ring.Profile;
import mimir.ring.ReaderStats;
import mimir.ring.RingReader;
import mimir.ring.RingStats;
import mimir.ring.Start;

/** No item goes missing without a word. Immutable. */
final class ConservationCheck implements Check {
    private static final int GAPS = 3;

    @Override
    public String name() {
        return "conservation";
    }

    @Override
    public String property() {
        return "Published and dropped items are all that the device produced, and readers' accounts add up.";
    }

    @Override
    public Duration limit(Effort effort) {
        return effort.waits(4);
    }

    @Override
    public String look(Stand stand) {
        long before = stand.identities(stand.plan().lossy()).stream().flatMap(id ->
                stand.platform().rings().find(id).stream()).mapToLong(ring -> dropped(ring.stats())).sum();
        try (var opened = stand.open(stand.plan().lossy());
                var latest = opened.follower().ring().reader("tck latest", Profile.LATEST, Start.NOW)) {
            var account = new Account(opened, before);
            long end = System.nanoTime() + stand.effort().patience().toNanos();
            while (account.gaps < GAPS || !account.balanced) {
                account.add(opened.follower().knowing(opened.truth()).demand(stand.effort().patience()));
                if (account.items % 4 == 0) {
                    glance(latest);
                }
                if (System.nanoTime() > end) {
                    throw account.unbalanced();
                }
            }
            opened.unload();
            opened.follower().drain();
            glance(latest);
            conserved(opened.id(), opened.follower().reader().stats());
            conserved(opened.id(), latest.stats());
            return account.items + " published and " + account.lost + " dropped are the " + (account.items
                    + account.lost) + " items that the device produced; accounts of two readers add up";
        }
    }

    private static long dropped(RingStats stats) {
        return stats.droppedAtSource().values().stream().mapToLong(Long::longValue).sum();
    }

    private static void glance(RingReader reader) {
        for (var lease = reader.next(); lease != null; lease = reader.next()) {
            lease.release();
        }
    }

    private static void conserved(String id, ReaderStats stats) {
        if (!stats.conserved() || stats.pending() != 0 || stats.checksumErrors() != 0) {
            throw new Shortfall(id + ": the account of a reader does not add up after a drain: " + stats);
        }
    }

    /** What came and what is said to be lost. Confined. */
    private static final class Account {
        private final Opened opened;
        private final long before;
        private long items;
        private long lost;
        private long counted;
        private int gaps;
        private boolean balanced;

        Account(Opened opened, long before) {
            this.opened = opened;
            this.before = before;
        }

        void add(Note note) {
            items++;
            lost += note.gapItems();
            if (note.gapItems() > 0) {
                gaps++;
                known(note);
            }
            counted = dropped(opened.stats()) - before;
            balanced = counted == lost; // else one is lost just now, and the next item tells
            if (counted < lost) {
                throw unbalanced();
            }
        }

        /** The truth knows what was lost as well as what came. */
        private void known(Note note) {
            var truth = opened.truth();
            for (long sequence = note.sequence() - note.gapItems(); sequence < note.sequence(); sequence++) {
                if (truth.trueNs(note.epoch(), sequence) == TruthSource.UNKNOWN) {
                    throw new Shortfall(opened.id() + ": item " + sequence + " of epoch " + note.epoch() + " is said to"
                            + " be lost, and the truth does not know it; let a twin keep the truth of lost items, too");
                }
            }
        }

        Shortfall unbalanced() {
            return gaps < GAPS && counted == lost
                    ? new Shortfall(opened.id() + " lost items " + gaps + " times while " + items + " came; let the "
                            + "lossy device lose one of twenty")
                    : new Shortfall(opened.id() + " counts " + counted + " dropped items, and " + lost
                            + " are missing from its sequence; drop each lost item once, with its reason");
        }
    }
}
