// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import java.time.Duration;

/**
 * How long each step of a swap may take. Immutable.
 *
 * @param stop until the driver has stopped: its native threads have deadlines of their own, one device after another
 * @param refresh until the framework has exchanged the code
 * @param confirmation until every source has given an item again
 */
record Patience(Duration stop, Duration refresh, Duration confirmation) {
    /** What people get. */
    static final Patience USUAL = new Patience(Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofSeconds(10));
}
