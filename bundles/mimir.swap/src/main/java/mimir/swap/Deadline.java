// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import java.time.Duration;

/**
 * Time that passes while this thread is let run. What a machine that stands still takes does not count, for nobody who
 * is waited for could use it; so it must be asked at least every {@link #LOOK_NS}. Confined to the thread that swaps.
 */
final class Deadline {
    /** How long whoever waits may sleep between two looks, ns. */
    static final long LOOK_NS = 50_000_000;
    private static final long MOST_NS = 2 * LOOK_NS;

    private final Duration patience;
    private long leftNs;
    private long lastNs = System.nanoTime();

    Deadline(Duration patience) {
        this.patience = patience;
        leftNs = patience.toNanos();
    }

    boolean passed() {
        long now = System.nanoTime();
        leftNs -= Math.min(now - lastNs, MOST_NS);
        lastNs = now;
        return leftNs <= 0;
    }

    /** For sentences: {@code 2 s}. */
    @Override
    public String toString() {
        return patience.toMillis() % 1000 == 0 ? patience.toSeconds() + " s" : patience.toMillis() + " ms";
    }
}
