// SPDX-License-Identifier: Apache-2.0
package lab.blink;

import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentType;
import mimir.api.analysis.Field;

/** How bright a frame is. */
@AttachmentType(name = "lab.blink", version = 1)
public interface Blink extends Attachment {
    /** Mean of the luma samples, 0 to 255. */
    @Field(order = 1, unit = "levels")
    float brightness();

    /** Sets it. */
    void brightness(float value);

    /** 1 when it differs from the frame before by more than the threshold, else 0. */
    @Field(order = 2)
    int blink();

    /** Sets it. */
    void blink(int value);
}
