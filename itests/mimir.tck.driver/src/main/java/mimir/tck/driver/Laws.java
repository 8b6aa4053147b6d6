// SPDX-License-Identifier: Apache-2.0
package mimir.tck.driver;

import mimir.ring.Checksum;
import mimir.ring.Descriptor;

/** What holds between any two items that follow each other in a ring. Immutable. */
final class Laws {
    private Laws() {
    }

    /** Throws {@link Shortfall} when an item cannot stand where it does; {@code before} is null for the first. */
    static void hold(String source, Note before, Note now) {
        if (now.checksum() == Checksum.WRONG) {
            throw fault(source, now, "has a wrong checksum; write nothing to a slot after it is committed");
        }
        if (before == null) {
            return;
        }
        if (now.hostNs() < before.hostNs()) {
            throw fault(source, now, "came " + (before.hostNs() - now.hostNs()) + " ns before the one in front of it;"
                    + " stamp host time when the item arrives");
        }
        if (now.epoch() != before.epoch()) {
            turn(source, before, now);
        } else {
            follow(source, before, now);
        }
    }

    private static void turn(String source, Note before, Note now) {
        if (now.epoch() != before.epoch() + 1) {
            throw fault(source, now, "follows one of epoch " + before.epoch()
                    + "; each incarnation or break is the next epoch, and none goes back");
        }
        if (!now.has(Descriptor.DISCONTINUITY)) {
            throw fault(source, now, "is the first of its epoch and has no DISCONTINUITY flag; begin epochs with "
                    + "mimir_ring_epoch");
        }
    }

    private static void follow(String source, Note before, Note now) {
        if (now.has(Descriptor.DISCONTINUITY)) {
            throw fault(source, now, "is not the first of its epoch and has the DISCONTINUITY flag");
        }
        if (now.has(Descriptor.GAP_BEFORE) != now.gapItems() > 0) {
            throw fault(source, now, "says that " + now.gapItems() + " items are missing before it, and its GAP_BEFORE"
                    + " flag says otherwise");
        }
        if (now.sequence() != before.sequence() + 1 + now.gapItems()) {
            throw fault(source, now, "follows item " + before.sequence() + " and says that " + now.gapItems()
                    + " are missing between them; count what the device lost with mimir_ring_drop");
        }
    }

    private static Shortfall fault(String source, Note item, String what) {
        return new Shortfall(source + ": " + item.place() + " " + what);
    }
}
