// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentType;
import mimir.api.analysis.Field;

/** A type of these tests. */
@AttachmentType(name = "test.blink", version = 1)
public interface Blink extends Attachment {
    /** Sequence of the item. */
    @Field(order = 1)
    long value();

    /** Sets it. */
    void value(long value);

    /** First byte of the item. */
    @Field(order = 2)
    int first();

    /** Sets it. */
    void first(int value);
}
