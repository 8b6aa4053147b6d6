// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentType;
import mimir.api.analysis.Field;

/** What another bundle calls {@link Blink}, of the same version. */
@AttachmentType(name = "test.blink", version = 1)
public interface OtherBlink extends Attachment {
    /** Something else. */
    @Field(order = 1)
    double brightness();

    /** Sets it. */
    void brightness(double value);
}
