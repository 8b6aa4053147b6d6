// SPDX-License-Identifier: Apache-2.0
package mimir.tck;

import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentType;
import mimir.api.analysis.Field;

/** How bright a frame is, and what the item was. */
@AttachmentType(name = "tck.light", version = 1)
public interface Light extends Attachment {
    /** Mean of the bytes. */
    @Field(order = 1, unit = "levels")
    double mean();

    /** Sets it. */
    void mean(double value);

    /** Difference from the frame before. */
    @Field(order = 2, unit = "levels")
    double change();

    /** Sets it. */
    void change(double value);
}
