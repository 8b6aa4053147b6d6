// SPDX-License-Identifier: Apache-2.0
package mimir.jcstress;

import mimir.ring.Descriptor;
import mimir.ring.RingHold;
import mimir.ring.RingReader;

/** One item at a time that is kept where it lies: its descriptor, copied, and a hold on the memory. Confined. */
final class Kept {
    private final RingReader reader;
    private final Descriptor item = new Descriptor();
    private RingHold hold;
    private boolean empty = true;

    Kept(RingReader reader) {
        this.reader = reader;
    }

    boolean isEmpty() {
        return empty;
    }

    /** Keeps the next item instead, or nothing when there is none. */
    void next() {
        var lease = reader.next();
        empty = lease == null;
        if (lease != null) {
            item.load(lease.descriptor());
            hold = hold == null ? lease.hold() : hold;
            empty = !lease.release();
        }
    }

    boolean holds() {
        return hold.holds(item);
    }

    boolean sameWords() {
        return !empty && Track.sameWords(hold.memory(), item.handle(0), item.sequence());
    }
}
