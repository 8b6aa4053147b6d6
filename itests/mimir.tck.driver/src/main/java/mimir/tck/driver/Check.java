// SPDX-License-Identifier: Apache-2.0
package mimir.tck.driver;

import java.time.Duration;

/** One property that every driver has. Immutable; looks from one thread at a time. */
interface Check {
    /** One word. */
    String name();

    /** The property, as a sentence that a sound driver makes true. */
    String property();

    /** How long it may take; a check that is not over then has failed. */
    Duration limit(Effort effort);

    /** False: the device says that it lacks what this is about, and {@link #look} looks whether that is so. */
    default boolean applies(KitPlan plan) {
        return true;
    }

    /**
     * Looks. Blocks.
     *
     * @return what it found, one sentence
     * @throws Shortfall when the driver has not the property; every other exception of the driver's or the platform's
     * is one as well
     */
    String look(Stand stand);
}
