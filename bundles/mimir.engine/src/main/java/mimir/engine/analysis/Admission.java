// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

/**
 * Where a stage may run: on trial at first, for its first items may take a hundred times as long as later ones (the JVM
 * loads and interprets its code before it translates it); then in the pool of its class; and apart from it when it
 * keeps threads for longer than others there can wait, until it meets its deadlines again. Confined to the strand of
 * the stage, but for {@link #isOver} and {@link #isDemoted}.
 */
final class Admission {
    /** Longer looks hold up others, whatever budget they have. */
    static final long SHORT_NS = 100_000_000;

    private static final long CALM_NS = 500_000_000;
    private static final int CALM_ITEMS = 16;
    private static final long LONGEST_NS = 20_000_000_000L; // what is late for so long is late, and its misses count
    private static final long STRAIN_NS = 2_000_000_000;    // of looks that were too long: nobody waits for that again
    private static final int FORGIVEN = 5;                  // a look that was short makes up for a 32nd of it

    private final long shortNs;
    private volatile boolean over;
    private volatile boolean demoted;
    private boolean begun;
    private long beganNs;
    private long calmNs; // since when no item missed its deadline
    private int calm;    // items since then
    private long strainNs;

    /** What there is to do with the strand of the stage. */
    enum Verdict { STAY, ADMIT, DEMOTE }

    /** For one whose look at an item may take so long. */
    Admission(long budgetNs) {
        shortNs = Math.min(budgetNs, SHORT_NS);
    }

    /** True once it is on trial no more. Any thread. */
    boolean isOver() {
        return over;
    }

    /** True while it runs apart, because it takes too long. Any thread. */
    boolean isDemoted() {
        return demoted;
    }

    /** An item was looked at. */
    Verdict judge(boolean inTime, long tookNs, long nowNs) {
        strainNs = tookNs > shortNs ? strainNs + tookNs : strainNs - (strainNs >> FORGIVEN);
        if (!demoted && strainNs > STRAIN_NS) {
            demoted = true;
            over = true;
            calm(false, nowNs);
            return Verdict.DEMOTE;
        }
        if (over && !demoted) {
            return Verdict.STAY;
        }
        if (!begun) {
            begun = true;
            beganNs = nowNs;
            calmNs = nowNs;
        }
        boolean passes = calm(inTime && (!demoted || tookNs <= shortNs), nowNs)
                || !demoted && nowNs - beganNs >= LONGEST_NS;
        if (passes) {
            demoted = false;
            over = true;
            strainNs = 0;
        }
        return passes ? Verdict.ADMIT : Verdict.STAY;
    }

    private boolean calm(boolean inTime, long nowNs) {
        calm = inTime ? calm + 1 : 0;
        calmNs = inTime ? calmNs : nowNs;
        return calm >= CALM_ITEMS && nowNs - calmNs >= CALM_NS;
    }
}
