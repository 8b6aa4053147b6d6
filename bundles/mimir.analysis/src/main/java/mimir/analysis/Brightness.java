// SPDX-License-Identifier: Apache-2.0
package mimir.analysis;

import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentType;
import mimir.api.analysis.Field;

/** How bright a frame is. Confined. */
@AttachmentType(name = "mimir.brightness", version = 1)
public interface Brightness extends Attachment {
    /** Mean of the Y samples: 0 to 255. */
    @Field(order = 1, unit = "levels")
    float mean();

    /** Sets {@link #mean()}. */
    void mean(float value);
}
