// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.util.Locale;

/**
 * Why an item did not reach a reader. The first group is counted by the source in the ring's header (the ordinal is the
 * index there);
 * {@link #OVERTAKEN} and {@link #SKIPPED} are counted by each reader for itself. Immutable.
 */
public enum DropReason {
    /** The device skipped it: a hole in its own sequence. */
    MISSING,
    /** Lost while the device or its transport stalled. */
    STALLED,
    /** Lost while the device was away. */
    UNPLUGGED,
    /** Received damaged and not published. */
    CORRUPT,
    /** Claimed, then given up by the writer. */
    ABORTED,
    /** The writer was too late to take it from the device. */
    OVERRUN,
    /** Did not fit: payload larger than a slot, or an unknown format. */
    REFUSED,
    /** The reader was slower than the ring is long, or was overtaken in mid-read. */
    OVERTAKEN,
    /** Passed over by a reader that asked for the latest item only. */
    SKIPPED;

    /** Number of reasons that a source can give. */
    static final int AT_SOURCE = OVERTAKEN.ordinal();

    /** The name as it stands in reports and tables: lower case. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
