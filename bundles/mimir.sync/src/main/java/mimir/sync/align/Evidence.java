// SPDX-License-Identifier: Apache-2.0
package mimir.sync.align;

/** What an alignment rests on. Immutable. */
public enum Evidence {
    /** The same sound in both. */
    SOUND,
    /** The same movement before two cameras. */
    MOTION,
    /** The same short events in both: flashes, clicks. */
    EVENTS,
    /** A lamp that is switched at random, seen by one and known by the other. */
    LIGHT_CODE,
    /** Nothing in common was found. */
    NONE
}
