// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentType;
import mimir.api.analysis.Field;

/** A type of attachment of these tests. */
@AttachmentType(name = "itest.seen", version = 1)
public interface Seen extends Attachment {
    /** Sequence of the item. */
    @Field(order = 1)
    long item();

    /** Sets it. */
    void item(long sequence);
}
