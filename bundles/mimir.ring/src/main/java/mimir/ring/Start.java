// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

/** Where a new reader begins. Immutable. */
public enum Start {
    /** At the oldest item that the ring still holds: nothing that can be had is missed. */
    OLDEST,
    /** A sixteenth of the ring behind that, so that the writer does not overtake the reader at once. */
    HISTORY,
    /** At the next item to be published. */
    NOW;

    /** Position of the first item for a reader that begins while the ring holds items up to {@code head}. */
    long position(long head, int slots) {
        return switch (this) {
            case OLDEST -> Math.max(0, head - slots + 1);
            case HISTORY -> Math.max(0, head - slots + Math.max(1, slots / 16));
            case NOW -> head;
        };
    }
}
