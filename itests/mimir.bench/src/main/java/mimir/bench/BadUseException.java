// SPDX-License-Identifier: Apache-2.0
package mimir.bench;

/** Somebody asked for what cannot be done; the message is one sentence that says what can. */
public final class BadUseException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** With that sentence. */
    public BadUseException(String message) {
        super(message);
    }
}
