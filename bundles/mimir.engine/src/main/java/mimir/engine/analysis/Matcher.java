// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import java.util.List;
import mimir.ring.HostClock;
import mimir.ring.Item;

/**
 * Makes sets of items out of one or several sources: the earliest item of all, and of each other source the next one
 * where it lies within the tolerance. A set that is not full is given out when no partner can come any more: the source
 * has shown a later item, or the deadline has passed. Each item comes once. Confined to the stage's strand.
 */
final class Matcher {
    private final Inlet[] inlets;
    private final long toleranceNs;
    private final long budgetNs;
    private boolean ready;

    Matcher(List<Inlet> inlets, long toleranceNs, long budgetNs) {
        this.inlets = inlets.toArray(Inlet[]::new);
        this.toleranceNs = toleranceNs;
        this.budgetNs = budgetNs;
    }

    /** True when there is a set; it stays until {@link #done}. */
    boolean next() {
        if (ready && !intact()) {
            ready = false;
        }
        if (!ready) {
            ready = inlets.length == 1 ? single(inlets[0]) : match();
        }
        return ready;
    }

    private static boolean single(Inlet inlet) {
        boolean there = inlet.fill();
        inlet.choose(there);
        return there;
    }

    private boolean match() {
        var earliest = earliest();
        if (earliest == null) {
            return false;
        }
        long until = earliest.headNs() + toleranceNs;
        boolean certain = true;
        for (var inlet : inlets) {
            boolean there = inlet.head() != null;
            inlet.choose(there && inlet.headNs() <= until);
            certain &= there || inlet.newestNs() >= until;
        }
        return certain || HostClock.nowNs() > earliest.dueNs() + budgetNs;
    }

    private Inlet earliest() {
        Inlet earliest = null;
        for (var inlet : inlets) {
            if (inlet.fill() && (earliest == null || inlet.headNs() < earliest.headNs())) {
                earliest = inlet;
            }
        }
        return earliest;
    }

    /** One source: the newest item instead of the one that waited, where the profile wants it so. */
    void renew() {
        if (inlets.length == 1) {
            inlets[0].renew();
            inlets[0].choose(true);
        }
    }

    int sources() {
        return inlets.length;
    }

    Inlet inlet(int index) {
        return inlets[index];
    }

    /** The inlet of the first source that has an item in the set. */
    Inlet first() {
        for (var inlet : inlets) {
            if (inlet.chosen() != null) {
                return inlet;
            }
        }
        throw new IllegalStateException("there is no item now; ask during analyze only");
    }

    /** The item of the first source, to which results belong; null when it is not in the set. */
    Item owner() {
        return inlets[0].chosen();
    }

    long deadlineNs() {
        return first().dueNs() + budgetNs;
    }

    /** True when the analyser has ended the lease of an item of the set. */
    boolean ended() {
        for (var inlet : inlets) {
            if (inlet.chosen() != null && inlet.ended()) {
                return true;
            }
        }
        return false;
    }

    /** True as long as no item of the set has been overwritten. */
    boolean intact() {
        for (var inlet : inlets) {
            if (inlet.chosen() != null && !inlet.intact()) {
                return false;
            }
        }
        return true;
    }

    /** True when an item of the set is the first of its epoch or format. */
    boolean begins() {
        boolean begins = false;
        for (var inlet : inlets) {
            begins |= inlet.chosen() != null && inlet.begins();
        }
        return begins;
    }

    void begun() {
        for (var inlet : inlets) {
            if (inlet.chosen() != null) {
                inlet.begun();
            }
        }
    }

    /** The set was looked at, or given up. */
    void done() {
        ready = false;
        for (var inlet : inlets) {
            if (inlet.chosen() != null) {
                inlet.done();
            }
        }
    }
}
