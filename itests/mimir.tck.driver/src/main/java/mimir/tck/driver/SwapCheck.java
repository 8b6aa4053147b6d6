// SPDX-License-Identifier: Apache-2.0
package mimir.tck.driver;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/** Starts, stops and swaps in numbers. Immutable. */
final class SwapCheck implements Check {
    private static final long LOOK_NS = 1_000_000;

    @Override
    public String name() {
        return "swap";
    }

    @Override
    public String property() {
        return "It can be started, stopped and swapped again and again; readers see one epoch change each time.";
    }

    @Override
    public Duration limit(Effort effort) {
        return effort.waits(3 + effort.count());
    }

    @Override
    public String look(Stand stand) {
        int count = stand.effort().count();
        var gaps = new ArrayList<Long>();
        try (var opened = stand.openSteady()) {
            var firsts = opened.followers().stream().map(one -> one.ring().stats().epoch()).toList();
            try (var watch = new Watch(stand.platform().workers(), opened.followers())) {
                for (int i = 1; i <= 2 * count; i++) {
                    if (i <= count) {
                        opened.restart();
                    } else {
                        gaps.add(stand.swap().gapNs());
                    }
                    for (int source = 0; source < firsts.size(); source++) {
                        await(stand, opened.followers().get(source), firsts.get(source) + i);
                    }
                    watch.check();
                }
            }
            for (int source = 0; source < firsts.size(); source++) {
                ended(opened.followers().get(source), firsts.get(source) + 2 * count);
            }
        }
        gaps.sort(null);
        return String.format(Locale.ROOT, "%d starts and stops and %d swaps, one epoch change each; gap of a swap %.1f "
                + "ms in the middle, %.1f ms at most", count, count, gaps.get(count / 2) / 1e6, gaps.getLast() / 1e6);
    }

    /** Waits for an item of that epoch: the doorbell is the watch's. */
    private static void await(Stand stand, Follower follower, int epoch) {
        var ring = follower.ring();
        long before = ring.stats().published();
        long end = System.nanoTime() + stand.effort().patience().toNanos();
        while (ring.stats().epoch() < epoch || ring.stats().published() <= before) {
            if (System.nanoTime() > end) {
                throw new Shortfall(ring.identity() + " gives no item in its " + epoch + "th epoch; its ring is "
                        + ring.stats().stateLabel());
            }
            LockSupport.parkNanos(LOOK_NS);
        }
        if (ring.stats().epoch() != epoch) {
            throw new Shortfall(ring.identity() + " is at epoch " + ring.stats().epoch() + " after a start that should "
                    + "have made it " + epoch + "; one incarnation is one epoch");
        }
    }

    private static void ended(Follower follower, int epoch) {
        var id = follower.ring().identity();
        follower.drain();
        if (follower.last() == null || follower.last().epoch() != epoch) {
            throw new Shortfall(id + ": a reader that was there all the time did not come to epoch " + epoch);
        }
        if (!follower.reader().stats().conserved()) {
            throw new Shortfall(id + ": the account of a reader does not add up: " + follower.reader().stats());
        }
    }
}
