// SPDX-License-Identifier: Apache-2.0
package mimir.bench.analysis;

import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentType;
import mimir.api.analysis.Field;

/** The type of these trials. Confined. */
@AttachmentType(name = "bench.sighting", version = 1)
public interface Sighting extends Attachment {
    /** Sequence of the item. */
    @Field(order = 1)
    long item();

    /** Sets {@link #item()}. */
    void item(long value);

    /** Something that was found. */
    @Field(order = 2, unit = "px")
    float place();

    /** Sets {@link #place()}. */
    void place(float value);
}
