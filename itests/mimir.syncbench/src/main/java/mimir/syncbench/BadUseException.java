// SPDX-License-Identifier: Apache-2.0
package mimir.syncbench;

/** What was typed or given cannot be used; the message is one sentence that says what to do. */
final class BadUseException extends RuntimeException {
    private static final long serialVersionUID = 1;

    BadUseException(String message) {
        super(message);
    }
}
