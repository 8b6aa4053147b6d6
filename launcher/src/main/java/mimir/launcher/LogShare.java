// SPDX-License-Identifier: Apache-2.0
package mimir.launcher;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much one bundle may log: {@link #AT_ONCE} entries at once, and one each {@link #EACH_NS} after that. What is more
 * is counted, and the number told once a second at most, with an entry that comes later. Thread-safe; never blocks or
 * allocates, except for the sentence.
 */
final class LogShare {
    static final int AT_ONCE = 1_000;
    static final long EACH_NS = 10_000_000;
    private static final long TELL_NS = 1_000_000_000;

    private final AtomicLong paidNs; // by when all that was let through has been paid for, at one each EACH_NS
    private final AtomicLong left = new AtomicLong();
    private volatile long sinceNs;

    LogShare(long nowNs) {
        paidNs = new AtomicLong(nowNs);
    }

    /** True when one more may pass; else it is counted as left out. */
    boolean take(long nowNs) {
        while (true) {
            long paid = paidNs.get();
            long next = paid - nowNs > 0 ? paid + EACH_NS : nowNs + EACH_NS;
            if (next - nowNs > AT_ONCE * EACH_NS) {
                if (left.getAndIncrement() == 0) {
                    sinceNs = nowNs;
                }
                return false;
            }
            if (paidNs.compareAndSet(paid, next)) {
                return true;
            }
        }
    }

    /** What is to be told now, or null. */
    String news(long nowNs) {
        return left.get() > 0 && nowNs - sinceNs >= TELL_NS ? rest() : null;
    }

    /** What was not told yet, or null. */
    String rest() {
        long missing = left.getAndSet(0);
        return missing == 0 ? null : missing + " entries of this bundle are missing here: it may log " + AT_ONCE
            + " at once and " + 1_000_000_000 / EACH_NS + " a second after that";
    }
}
