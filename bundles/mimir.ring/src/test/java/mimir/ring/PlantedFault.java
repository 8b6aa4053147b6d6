// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

/**
 * What a faulty writer or reader would do; a schedule plants it by hand in the memory of a sound ring, to prove that it
 * would be found. Immutable.
 */
enum PlantedFault {
    /** A sound ring. */
    NONE,
    /** A claim does not mark its slot. */
    MARK_MISSING,
    /** An abort gives the slot its old generation back. */
    ABORT_RESTORES,
    /** The head counts an item that is only claimed. */
    HEAD_EARLY,
    /** A commit forgets to move the head. */
    HEAD_MISSING,
    /** A commit writes the generation of the next lap. */
    GENERATION_OF_NEXT_LAP,
    /** A commit says nothing of the items that are missing before it. */
    GAP_FORGOTTEN,
    /** The first item of an epoch does not say so. */
    DISCONTINUITY_FORGOTTEN,
    /** Drops reach the gap, but not the counter. */
    DROPS_UNCOUNTED,
    /** The epoch is opened, and the header does not know. */
    EPOCH_STANDS_STILL,
    /** The payload lands one slot too far. */
    PAYLOAD_IN_NEXT_SLOT,
    /** A batch is shown before it is complete. */
    BATCH_SHOWN_EARLY,
    /** The writer does not ask whether a LOSSLESS reader has room. */
    GATE_PASSED_BY,
    /** A LOSSLESS reader's seat tells of items that it has not read. */
    POSITION_TOLD_EARLY,
    /** A lease is called whole without a look at the generation. */
    RELEASE_WITHOUT_LOOK,
    /** A kept item is called whole without a look at the generation. */
    HOLD_WITHOUT_LOOK
}
