// SPDX-License-Identifier: Apache-2.0
package mimir.swap.gate;

/** Bytes are not what they should be; the message is a part of a sentence. Immutable. */
final class Unsound extends Exception {
    private static final long serialVersionUID = 1L;

    Unsound(String why) {
        super(why);
    }
}
