// SPDX-License-Identifier: Apache-2.0
package mimir.api.reservoir;

import mimir.ring.Item;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Items of several sources that belong to the same instant, in place. Either {@link #at} an instant: of each source the
 * nearest item; or, with {@link #next}, one set after the other through an interval: the earliest item that has not
 * come, and of each other source its next one where that lies within the tolerance. Each item of the interval comes
 * once, with partners or alone. Confined; allocates nothing per set; nothing blocks.
 *
 * <p>The time of an item is that of its source's clock map (the newest one when this was opened), where it has one for
 * the item's epoch; else its host time.
 */
@ProviderType
public interface ItemSets {
    /**
     * Goes to the items nearest to an instant, whatever the interval and the tolerance, of those that are there now.
     * False when no source has one. {@link #next} then goes on where it was before.
     *
     * @param ns canonical time
     */
    boolean at(long ns);

    /**
     * Goes on to the next set; false at the end of the interval, or as long as a partner may still come: ask again
     * then.
     */
    boolean next();

    /** Instant of the set, canonical time, ns: the one asked for, or that of its earliest item. */
    long instantNs();

    /** Number of sources. */
    int sources();

    /** Identity of a source, from 0. */
    String source(int index);

    /** The item of a source, valid until the next move; null when none belongs to the set. */
    Item item(int index);

    /** Canonical time of the item less that of the set, ns. */
    long errorNs(int index);

    /**
     * Half width of the interval that holds 95 % of the true errors of the item's time, ns. Without a clock map it is
     * stated, not measured: the length of a frame or block, and 20 ms.
     */
    long uncertaintyNs(int index);

    /** Items of the interval that the edge overtook before they came. */
    long overtaken();
}
