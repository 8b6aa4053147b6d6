// SPDX-License-Identifier: Apache-2.0
package mimir.sync.live;

import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentType;
import mimir.api.analysis.Field;

/** What the stage {@code brightness} attaches to a frame, as it is read here: results are found by name and layout. */
@AttachmentType(name = "mimir.brightness", version = 1)
public interface Light extends Attachment {
    /** Mean of the Y samples: 0 to 255. */
    @Field(order = 1, unit = "levels")
    float mean();

    /** Sets {@link #mean()}. */
    void mean(float value);
}
