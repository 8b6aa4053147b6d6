// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentType;
import mimir.api.analysis.Field;

/** A type of these tests that is made of another one. */
@AttachmentType(name = "test.sum", version = 1)
public interface Sum extends Attachment {
    /** What was found. */
    @Field(order = 1)
    long value();

    /** Sets it. */
    void value(long value);
}
