// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

/**
 * A ring could not be made, opened or found; the message is one sentence for a person and says what to do. Immutable.
 */
public final class RingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With the sentence to show. */
    public RingException(String message) {
        super(message);
    }
}
