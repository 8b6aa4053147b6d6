// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

/** Outcome of a checksum test. Immutable. */
public enum Checksum {
    /** The payload is what the source wrote. */
    RIGHT,
    /** The payload differs; counted as a checksum error of the reader. */
    WRONG,
    /** The source gave no checksum with this item. */
    ABSENT,
    /** The slot was overtaken before the test was over, so it says nothing. */
    OVERTAKEN
}
