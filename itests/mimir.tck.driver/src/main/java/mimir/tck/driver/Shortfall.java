// SPDX-License-Identifier: Apache-2.0
package mimir.tck.driver;

/** What a driver does wrong, in one sentence that says what was seen and what to do. Immutable. */
final class Shortfall extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Shortfall(String sentence) {
        super(sentence);
    }
}
