// SPDX-License-Identifier: Apache-2.0
package mimir.tck.driver;

import java.util.Locale;

/**
 * What came of a check. Immutable.
 *
 * @param sentence what it found
 * @param seconds how long it took
 */
record Finding(Check check, Outcome outcome, String sentence, double seconds) {
    /** What came of it, in words of the report. */
    enum Outcome {
        PASSED, FAILED, UNTRIED,
        /** The device lacks what it is about, and the kit saw that it does. */
        INAPPLICABLE;

        boolean conforms() {
            return this == PASSED || this == INAPPLICABLE;
        }

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
