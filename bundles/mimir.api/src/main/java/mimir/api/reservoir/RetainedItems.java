// SPDX-License-Identifier: Apache-2.0
package mimir.api.reservoir;

import mimir.ring.Descriptor;
import mimir.ring.Item;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The items of one ring in the reservoir, in place and in the order in which they were published: an {@link Item} after
 * each {@link #seek} that said {@link Found#THERE} and each {@link #next} that said true. Confined; allocates nothing
 * per item; nothing blocks. Throws {@link IllegalStateException} once the reservoir has stopped.
 */
@ProviderType
public interface RetainedItems extends Item {
    /** Where an item lies in an order that the items of the ring ascend in. Allocates nothing. */
    @FunctionalInterface
    interface Order {
        /** Above 0 when the item comes after what is sought, else 0 or less. */
        int compare(Descriptor item);
    }

    /** What {@link #seek} found. Immutable. */
    enum Found {
        /** The last item that does not come after what is sought. */
        THERE,
        /** All items come after it, and none has gone. */
        NONE,
        /** All items that are still there come after it. */
        GONE
    }

    /** Goes to the last item that does not come after what is sought: some two looks for each doubling of depth. */
    Found seek(Order order);

    /** Goes on to the next item, at first to the oldest; false when there is none now. */
    boolean next();

    /** Items that the edge overtook before {@link #next} came to them. */
    long overtaken();

    /** Canonical time of the edge, ns: no item of this time or a later one has gone. */
    long edgeNs();
}
