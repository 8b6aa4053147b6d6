// SPDX-License-Identifier: Apache-2.0
package lab.blink;

import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentType;
import mimir.api.analysis.Field;

/** How bright a frame is, and by how much that changed. */
@AttachmentType(name = "lab.blink", version = 2)
public interface Blink extends Attachment {
    /** Mean of the luma samples, 0 to 255. */
    @Field(order = 1, unit = "levels")
    float brightness();

    /** Sets it. */
    void brightness(float value);

    /** Brightness of the frame before; of the first frame its own. */
    @Field(order = 2, unit = "levels")
    float before();

    /** Sets it. */
    void before(float value);

    /** 1 when the two differ by more than the threshold, else 0. */
    @Field(order = 3)
    int blink();

    /** Sets it. */
    void blink(int value);
}
