// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

/** What a reader needs of the ring that it was opened on. Thread-safe. */
abstract sealed class RingHome permits Ring, ForeignRing {
    abstract String identity();

    /** The reader was closed. */
    abstract void forget(RingReader reader);

    /** Wakes whoever sleeps on the ring. */
    abstract void wake();
}
