// SPDX-License-Identifier: Apache-2.0
package mimir.api;

/**
 * What the user gave cannot be used: an unknown name, a malformed file, an impossible value. The message is one
 * sentence that says what is wrong and what to do; the shell prints it and exits with 2. Every other exception that
 * reaches the shell is a failure and exits with 1. Immutable.
 */
public final class BadInputException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** With the sentence to show. */
    public BadInputException(String message) {
        super(message);
    }
}
