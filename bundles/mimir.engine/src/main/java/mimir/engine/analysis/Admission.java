// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

/**
 * Whether a stage may join the pool of its class. Its first items may take a hundred times as long as later ones: the
 * JVM loads and interprets its code before it translates it. Confined to the strand of the stage, but for
 * {@link #isOver}.
 */
final class Admission {
    private static final long CALM_NS = 500_000_000;
    private static final int CALM_ITEMS = 16;
    private static final long LONGEST_NS = 20_000_000_000L; // what is slow for so long is slow, and its misses count

    private volatile boolean over;
    private boolean begun;
    private long beganNs;
    private long calmNs; // since when no item missed its deadline
    private int calm;    // items since then

    /** True once it is admitted. Any thread. */
    boolean isOver() {
        return over;
    }

    /** An item was looked at, on trial. True when the trial ends with it. */
    boolean passes(boolean inTime, long nowNs) {
        if (!begun) {
            begun = true;
            beganNs = nowNs;
            calmNs = nowNs;
        }
        if (inTime) {
            calm++;
        } else {
            calm = 0;
            calmNs = nowNs;
        }
        over = calm >= CALM_ITEMS && nowNs - calmNs >= CALM_NS || nowNs - beganNs >= LONGEST_NS;
        return over;
    }
}
