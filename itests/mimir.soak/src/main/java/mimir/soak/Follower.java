// SPDX-License-Identifier: Apache-2.0
package mimir.soak;

import mimir.ring.Checksum;
import mimir.ring.Lease;
import mimir.ring.Profile;
import mimir.ring.ReaderStats;
import mimir.ring.Ring;
import mimir.ring.RingReader;
import mimir.ring.Start;

/**
 * One reader of a source, and what it sees of the source's epochs: each must follow the one before, and within one the
 * sequence must ascend. Fed by one thread; what it saw is read by any.
 */
final class Follower implements AutoCloseable {
    private final RingReader reader;
    private final Profile profile;
    private Seen seen = new Seen(0, 0, 0, 0, 0, 0); // guarded by this
    private long sequence;
    private long lastNs;

    /**
     * What a reader saw so far. Immutable.
     *
     * @param epoch the newest
     * @param changes how often the next epoch followed one
     * @param disorders items that no order explains
     * @param items of the newest epoch
     * @param beforeNs host time of the last item before the newest change
     * @param afterNs host time of the first item after it
     */
    record Seen(int epoch, long changes, long disorders, long items, long beforeNs, long afterNs) {
        Seen with(int itemEpoch, boolean ordered, long lastNs, long nowNs) {
            if (epoch == 0) {
                return new Seen(itemEpoch, 0, 0, 1, 0, 0);
            }
            if (itemEpoch == epoch) {
                return new Seen(epoch, changes, disorders + (ordered ? 0 : 1), items + 1, beforeNs, afterNs);
            }
            boolean next = itemEpoch == epoch + 1;
            return new Seen(itemEpoch, changes + (next ? 1 : 0), disorders + (next ? 0 : 1), 1, lastNs, nowNs);
        }
    }

    Follower(Ring ring, Profile profile) {
        this.profile = profile;
        reader = ring.reader("soak-" + profile.name().toLowerCase(), profile, Start.NOW);
    }

    /** Reads what there is; the checksum of each item is compared. One thread at a time. */
    void drain() {
        for (var lease = reader.next(); lease != null; lease = reader.next()) {
            look(lease);
        }
    }

    private void look(Lease lease) {
        var item = lease.descriptor();
        int epoch = item.epoch();
        long at = item.sequence();
        long nowNs = item.hostTimeNs();
        boolean right = lease.verify() != Checksum.OVERTAKEN;
        if (lease.release() && right) {
            synchronized (this) {
                seen = seen.with(epoch, at > sequence, lastNs, nowNs);
            }
            sequence = at;
            lastNs = nowNs;
        }
    }

    synchronized Seen seen() {
        return seen;
    }

    /** True for the one that sees each item, and so knows a gap to the item. */
    boolean seesAll() {
        return profile == Profile.EVERY;
    }

    String source() {
        return reader.source();
    }

    ReaderStats stats() {
        return reader.stats();
    }

    @Override
    public void close() {
        reader.close();
    }
}
