// SPDX-License-Identifier: Apache-2.0
package mimir.api.reservoir;

import mimir.ring.Ring;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Rings whose items live under the reservoir's edge beside those of the sources: what analysers attach. Each of these
 * items has the host time of the item that it belongs to, and goes at the same instant as that one, whenever it came.
 * Thread-safe; control threads.
 */
@ProviderType
public interface Retention {
    /**
     * Takes in the items of a ring, from the oldest that it holds, through all regions that succeed one another. Of a
     * ring that was let go of before, from the next item on: call it before somebody writes there again. Does nothing
     * for a ring that is kept. Allocates.
     *
     * @return false when there are as many rings as can be kept
     */
    boolean keep(Ring ring);

    /**
     * Takes in what the ring, which has ended, holds now and reads it no more, within a tenth of a second or so, so
     * that its memory can be given back. Its items stay until the edge passes them. Does not block.
     */
    void letGo(Ring ring);

    /** What is there of a ring that is or was kept; null when nothing is there, or nothing any more. Allocates. */
    RetainedItems open(String identity);
}
