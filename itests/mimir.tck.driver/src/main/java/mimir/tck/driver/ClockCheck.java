// SPDX-License-Identifier: Apache-2.0
package mimir.tck.driver;

import java.time.Duration;
import java.util.Locale;
import mimir.ring.Descriptor;

/** Raw times stay raw. Immutable. */
final class ClockCheck implements Check {
    private static final int FEW = 5;
    private static final int MANY = 40;
    private static final long LATER_NS = 300_000_000;

    @Override
    public String name() {
        return "clock";
    }

    @Override
    public String property() {
        return "A step of the device's clock stands in the device time as it is, and nothing else changes or is lost.";
    }

    @Override
    public Duration limit(Effort effort) {
        return effort.waits(4);
    }

    @Override
    public boolean applies(KitPlan plan) {
        return plan.stepped().exists();
    }

    @Override
    public String look(Stand stand) {
        return applies(stand.plan()) ? steps(stand) : tellsNoTime(stand);
    }

    /** Who says that a device has no clock must not publish one. */
    private static String tellsNoTime(Stand stand) {
        int items = 0;
        try (var opened = stand.openSteady()) {
            for (var follower : opened.followers()) {
                for (var note : follower.take(MANY, stand.effort().patience())) {
                    if (note.clock() != Descriptor.CLOCK_NONE) {
                        throw new Shortfall(follower.ring().identity() + ": " + note.place() + " has a device time, and"
                                + " the kit file says that its devices tell none; name a device whose clock steps");
                    }
                    items++;
                }
            }
        }
        return "does not apply, as the driver says (" + stand.plan().stepped().none() + "), and none of " + items
                + " items has a device time";
    }

    private static String steps(Stand stand) {
        long stepNs = stand.plan().stepped().byNs();
        try (var opened = stand.open(stand.plan().stepped().device())) {
            var patience = stand.effort().patience();
            var follower = opened.follower().knowing(opened.truth());
            var before = follower.demand(patience);
            long endNs = before.trueNs() + stand.plan().stepped().atNs() + LATER_NS;
            for (int items = 1; before.trueNs() < endNs; items++) {
                var note = follower.demand(patience);
                double byNs = note.deviceNsSince(before) - (note.trueNs() - before.trueNs());
                unbroken(opened.id(), before, note);
                if (Math.abs(byNs) > Math.abs(stepNs) / 4.0) {
                    step(opened.id(), note, byNs, stepNs);
                    follower.take(FEW, patience);
                    return String.format(Locale.ROOT, "a step of %.1f ms after %d items stands in the device time, and "
                            + "in nothing else", byNs / 1e6, items);
                }
                before = note;
            }
            throw new Shortfall(String.format(Locale.ROOT, "%s shows no step of its clock within %.1f s, and it jumps "
                    + "by %.1f ms; give the raw time of the device, never a corrected one", opened.id(),
                    (stand.plan().stepped().atNs() + LATER_NS) / 1e9, stepNs / 1e6));
        }
    }

    private static void unbroken(String id, Note before, Note now) {
        if (now.epoch() != before.epoch()) {
            throw new Shortfall(id + ": epoch " + now.epoch() + " begins at a step of the clock; a step is no break, "
                    + "mimir.sync finds it");
        }
        if (now.gapItems() > 0) {
            throw new Shortfall(id + " lost " + now.gapItems() + " items at a step of its clock");
        }
        if (now.clock() == Descriptor.CLOCK_NONE) {
            throw new Shortfall(id + ": " + now.place() + " has no device time, and the clock of this device steps");
        }
    }

    private static void step(String id, Note note, double byNs, long stepNs) {
        if (Math.abs(byNs - stepNs) > Math.abs(stepNs) / 5.0) {
            throw new Shortfall(String.format(Locale.ROOT, "%s: the clock jumps by %.1f ms before %s, and the device's "
                    + "did by %.1f ms; give the raw time of the device", id, byNs / 1e6, note.place(), stepNs / 1e6));
        }
    }
}
