// SPDX-License-Identifier: Apache-2.0
package mimir.recording.export;

import java.io.IOException;
import mimir.ring.Item;

/** Is told how the items of one source are cut into files; see {@link Cutter}. Confined. */
interface Parts {
    /**
     * A file begins.
     *
     * @param part counts from 1 within the epoch
     * @param fromNs canonical time of its first item, ns
     */
    void begin(Layout layout, int epoch, int part, long fromNs) throws IOException;

    /** Units in place of lost ones, which came after this item. */
    void fill(Item before, long units) throws IOException;

    /** An item. */
    void item(Item item, long units) throws IOException;

    /** The file ends. */
    void end() throws IOException;
}
