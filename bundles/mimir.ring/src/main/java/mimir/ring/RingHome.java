// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.util.function.Supplier;

/** What a reader needs of the ring that it was opened on. Thread-safe. */
abstract sealed class RingHome permits Ring, ForeignRing {
    abstract String identity();

    /** The reader was closed. */
    abstract void forget(RingReader reader);

    /** A new reader keeps the reference to its first region; one that is refused gives it back. */
    static RingReader opened(Region retained, Supplier<RingReader> opening) {
        try {
            return opening.get();
        } catch (RuntimeException | InternalError refused) {
            retained.release();
            throw refused;
        }
    }

    /** Wakes whoever sleeps on the ring. */
    abstract void wake();
}
