// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentType;
import mimir.api.analysis.Field;

/** The next version of {@link Blink}. */
@AttachmentType(name = "test.blink", version = 2)
public interface BlinkTwo extends Attachment {
    /** Sequence of the item, as a number that has a fraction. */
    @Field(order = 1)
    double value();

    /** Sets it. */
    void value(double value);
}
