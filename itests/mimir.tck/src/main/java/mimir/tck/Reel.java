// SPDX-License-Identifier: Apache-2.0
package mimir.tck;

import mimir.ring.DropReason;
import mimir.ring.RingSpec;
import mimir.ring.RingWriter;

/** What one source sends, from its beginning, item after item and as fast as somebody asks. Confined. */
interface Reel {
    /** The ring that it needs. */
    RingSpec spec(String id);

    /** Goes on to the next item, the first one at first; a reel has no end. */
    void next();

    /** Why the source loses this item; null when it does not. */
    DropReason loss();

    /** When the item arrives, ns since the start of the source. */
    long dueNs();

    /** True when an epoch begins with this item. */
    boolean restarts();

    /** Writes payload, sequence, device time and sizes of the item into the slot that was claimed at an offset. */
    void write(RingWriter writer, long at, int formatId);

    /** Where reels come from: each begins anew. */
    @FunctionalInterface
    interface Maker {
        /** One that stands before its first item. */
        Reel make();
    }
}
