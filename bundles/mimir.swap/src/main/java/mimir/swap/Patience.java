// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import java.time.Duration;
import java.util.Comparator;
import mimir.ring.Abi;
import mimir.ring.RingFormat;
import mimir.ring.RingStats;

/**
 * How long each step of a swap may take. Immutable.
 *
 * @param stop until the driver has stopped: its native threads have deadlines of their own, one device after another
 * @param refresh until the framework has exchanged the code
 * @param start until the driver has started and each of its sources is published
 * @param firstItem from there to the first good item of a source, or 20 of its periods if that is longer
 * @param giveUp until a new driver that did not run has stopped; after that its start is interrupted
 * @param stages until every stage of a bundle of analysers has looked at an item
 */
public record Patience(Duration stop, Duration refresh, Duration start, Duration firstItem, Duration giveUp,
        Duration stages) {
    /** What people get. */
    public static final Patience USUAL = new Patience(Duration.ofSeconds(30), Duration.ofSeconds(10),
            Duration.ofSeconds(5), Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(10));

    private static final double PERIODS = 20;
    private static final double NS = 1e9;

    /** Of a source. */
    Duration firstItem(RingStats ring) {
        long periodsNs = ring.formats().stream().map(format -> (long) (PERIODS * periodNs(ring.itemKind(), format)))
                .max(Comparator.naturalOrder()).orElse(0L);
        return periodsNs > firstItem.toNanos() ? Duration.ofNanos(periodsNs) : firstItem;
    }

    private static double periodNs(int itemKind, RingFormat format) {
        return NS / format.rateHz() * (itemKind == Abi.ITEM_AUDIO ? format.height() : 1);
    }
}
