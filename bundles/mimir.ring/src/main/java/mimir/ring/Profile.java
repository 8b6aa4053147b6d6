// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

/** Which items a reader wants; each reader chooses for itself. Immutable. */
public enum Profile {
    /** The newest item only; what was passed over is counted as {@link DropReason#SKIPPED}. */
    LATEST,
    /** All items in order; what the reader was too slow for is counted as {@link DropReason#OVERTAKEN}. */
    EVERY,
    /**
     * All items in order, and the writer waits for this reader: only of rings of events, whose writer may wait, and
     * only while the reader moves on. One that holds it up for a second is evicted, told so, and goes on as EVERY.
     */
    LOSSLESS
}
