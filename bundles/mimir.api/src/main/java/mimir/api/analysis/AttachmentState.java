// SPDX-License-Identifier: Apache-2.0
package mimir.api.analysis;

/** Where the result of an item stands. Immutable. */
public enum AttachmentState {
    /** An analyser will get to the item. */
    PENDING,
    /** It is there, in time. */
    PRESENT,
    /** It is there; it came after the item's deadline. */
    LATE,
    /** It is not there and will not come: passed over, overtaken, failed, nothing found, or nobody attached. */
    ABSENT,
    /** Nobody can tell any more: the edge of what is kept has passed it. */
    GONE
}
