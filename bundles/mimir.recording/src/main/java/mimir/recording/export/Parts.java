// SPDX-License-Identifier: Apache-2.0
package mimir.recording.export;

import java.io.IOException;
import mimir.ring.Item;

/** Is told how the items of one source are cut into files; see {@link Cutter}. Confined. */
interface Parts {
    /** A file begins. {@code part} counts from 1 within the epoch. */
    void begin(Layout layout, int epoch, int part) throws IOException;

    /** Units in place of lost ones, which came after this item. */
    void fill(Item before, long units) throws IOException;

    /** An item. */
    void item(Item item, long units) throws IOException;

    /** The file ends; {@code missing} items were lost inside of it. */
    void end(long missing) throws IOException;
}
