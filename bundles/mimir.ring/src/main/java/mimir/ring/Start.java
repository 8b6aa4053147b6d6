// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

/** Where a new reader begins. Immutable. */
public enum Start {
    /** At the oldest item that the ring still holds: nothing that can be had is missed. */
    OLDEST,
    /** At the next item to be published. */
    NOW
}
