// SPDX-License-Identifier: Apache-2.0
package mimir.tck;

import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentType;
import mimir.api.analysis.Field;

/** How loud a block is. */
@AttachmentType(name = "tck.loudness", version = 1)
public interface Loudness extends Attachment {
    /** Largest sample. */
    @Field(order = 1, unit = "1")
    float peak();

    /** Sets it. */
    void peak(float value);
}
