// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentType;
import mimir.api.analysis.Field;

/** What the analysers of the tests attach; each to its own type, for a source has one stage for a type. */
public final class Marks {
    private Marks() {
    }

    /** The number that the simulated camera writes into each frame. */
    @AttachmentType(name = "itests.mark", version = 1)
    public interface Mark extends Attachment {
        /** Number. */
        @Field(order = 1)
        long number();

        /** Sets it. */
        void number(long value);

        /** First pixel. */
        @Field(order = 2, unit = "levels")
        int pixel();

        /** Sets it. */
        void pixel(int value);
    }

    /** Of the one that sleeps. */
    @AttachmentType(name = "itests.slept", version = 1)
    public interface Slept extends Attachment {
        /** Nothing of interest. */
        @Field(order = 1)
        long number();

        /** Sets it. */
        void number(long value);
    }

    /** Of the one that throws. */
    @AttachmentType(name = "itests.thrown", version = 1)
    public interface Thrown extends Attachment {
        /** Nothing of interest. */
        @Field(order = 1)
        long number();

        /** Sets it. */
        void number(long value);
    }

    /** Of the one that spins. */
    @AttachmentType(name = "itests.spun", version = 1)
    public interface Spun extends Attachment {
        /** Nothing of interest. */
        @Field(order = 1)
        long number();

        /** Sets it. */
        void number(long value);
    }

    /** Of the one that allocates. */
    @AttachmentType(name = "itests.eaten", version = 1)
    public interface Eaten extends Attachment {
        /** Bytes so far. */
        @Field(order = 1, unit = "B")
        long bytes();

        /** Sets it. */
        void bytes(long value);
    }
}
