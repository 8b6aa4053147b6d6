// SPDX-License-Identifier: Apache-2.0
package mimir.bench.hostile;

import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentType;
import mimir.api.analysis.Field;

/** What the hostile analysers attach; each to its own type, for a source has one stage for a type. Confined. */
interface Kept extends Attachment {
    /** Sequence of the item. */
    @Field(order = 1)
    long item();

    /** Sets it. */
    void item(long value);

    /** Of the one that sleeps. */
    @AttachmentType(name = "bench.slept", version = 1)
    interface Slept extends Kept {
    }

    /** Of the one that throws. */
    @AttachmentType(name = "bench.thrown", version = 1)
    interface Thrown extends Kept {
    }

    /** Of the one that spins. */
    @AttachmentType(name = "bench.spun", version = 1)
    interface Spun extends Kept {
    }

    /** Of the one that allocates. */
    @AttachmentType(name = "bench.eaten", version = 1)
    interface Eaten extends Kept {
    }
}
