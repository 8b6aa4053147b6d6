// SPDX-License-Identifier: Apache-2.0
package mimir.tck.planted;

/** What the planted driver does wrong: one fault for each check of the kit, by the name of the check. Immutable. */
enum PlantedFault {
    /** Nothing. */
    NONE,
    /** Opens an epoch of its own at each start. */
    EPOCHS,
    /** Delivers frames of half the height. */
    MODES,
    /** Accepts every entry. */
    ACCEPTS,
    /** Stamps items with the time at which it woke up for them. */
    TRUTH,
    /** Corrects device time, and by the wrong amount. */
    TIMES,
    /** Loses items without a word. */
    CONSERVATION,
    /** Waits for readers that ask for every item. */
    READERS,
    /** Goes on in the same epoch after it was unplugged. */
    UNPLUG,
    /** Hides a step of the device's clock. */
    CLOCK,
    /** Its plan writes what its thread writes. */
    CONTROL,
    /** Finds its device occupied when it comes back. */
    SWAP,
    /** Keeps a file open, and memory. */
    LEAKS,
    /** Waits for its thread for ever. */
    HANG
}
