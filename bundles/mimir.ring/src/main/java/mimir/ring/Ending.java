// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

/** Why a reader gets no more items. Immutable. */
public enum Ending {
    /** There may be more. */
    NOT_YET,
    /** The writer ended the ring; everything was read. A later incarnation of the source may bring it to life again. */
    ENDED,
    /** The writing process died without an end; everything that it had committed was read. */
    WRITER_GONE,
    /** The memory was cut or overwritten; nothing in it can be believed any more. */
    BROKEN
}
