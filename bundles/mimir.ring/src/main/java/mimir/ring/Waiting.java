// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

/** How a reader waits for the next item (measured trade-offs: docs/realtime.md). Immutable. */
public enum Waiting {
    /** Polls without pause: 0.2 us, but a whole core; only with a core to spare. */
    SPIN,
    /** Polls and yields: under 1 us on an idle core, milliseconds on a busy machine. */
    YIELD,
    /** Parks 50 us between looks: no wake-up for the writer to pay. */
    PARK,
    /** A short spin, then sleeps until the writer rings (futex); the default. */
    DOORBELL
}
