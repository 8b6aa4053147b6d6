// SPDX-License-Identifier: Apache-2.0
package mimir.api.reservoir;

import mimir.ring.Item;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Walks the items of one source in place, as an {@link Item} after each {@link #next} that said true. Confined;
 * allocates nothing per item.
 */
@ProviderType
public interface ReservoirCursor extends Item {
    /**
     * Moves to the next item; false at the end of the window or of what is there now (items may come later). Does not
     * block.
     */
    boolean next();

    /**
     * Moves to the item of the window that is nearest to an instant, of those that are there now; the earlier of two
     * that are as near. {@link #next} goes on from there, and what lies between counts as nothing. False when there is
     * none. Does not block.
     *
     * @param ns canonical time, as {@link #canonicalNs} tells it
     */
    boolean nearest(long ns);

    /** Canonical time of the current item, ns. */
    long canonicalNs();

    /** Items of the window that the edge overtook before the cursor came to them. */
    long overtaken();
}
