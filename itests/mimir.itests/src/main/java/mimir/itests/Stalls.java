// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import mimir.ring.DropReason;
import mimir.ring.Ring;

/**
 * A control thread that only sleeps: while it did not come back the machine ran nobody, and a device that gave up items
 * then is not to blame. Thread-safe.
 */
final class Stalls {
    private static final long LOOK_NS = 10_000_000;
    private static final long LONG_NS = 800_000_000; // a simulated device gives up what is 1 s late, half of its ring
    private static volatile long longestNs;

    static {
        Thread.ofPlatform().daemon().name("itest-control").start(Stalls::watch);
    }

    private Stalls() {
    }

    private static void watch() {
        var stolen = new Stolen();
        for (long before = System.nanoTime();;) {
            LockSupport.parkNanos(LOOK_NS);
            long now = System.nanoTime();
            longestNs = Math.max(longestNs, Math.max(now - before, stolen.ns(now)));
            before = now;
        }
    }

    /** What the machine did before does not count any more. */
    static void forget() {
        longestNs = 0;
    }

    /** How long nobody ran, ms, when that was long; else 0. */
    static long stoodStillMs() {
        long longest = longestNs;
        return isLong(longest) ? longest / 1_000_000 : 0;
    }

    /** The longest that a thread which only sleeps for 10 ms was away since then, s. */
    static double longestS() {
        return longestNs / 1e9;
    }

    /** True for a time in which a device gives up items, and a reader may be overtaken. */
    static boolean isLong(long ns) {
        return ns > LONG_NS;
    }

    /** Nothing was lost at the source, but for what it could not help. */
    static void assertNothingLost(Ring ring) {
        var lost = ring.stats().droppedAtSource();
        boolean excused = isLong(longestNs) && lost.keySet().equals(Set.of(DropReason.OVERRUN));
        assertTrue(lost.isEmpty() || excused, () -> ring.identity() + " lost " + lost
                + "; the machine stood still for " + longestNs / 1_000_000 + " ms at most");
    }
}
