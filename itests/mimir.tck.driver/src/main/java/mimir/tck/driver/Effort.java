// SPDX-License-Identifier: Apache-2.0
package mimir.tck.driver;

import java.time.Duration;

/**
 * How long the kit looks. Immutable.
 *
 * @param count starts, stops and swaps, each so many times
 * @param patience longest that a device may take to come, or to give an item
 * @param stop longest that a device may take to go
 */
record Effort(int count, Duration patience, Duration stop) {
    /** What people get. */
    static final Effort USUAL = new Effort(20, Duration.ofSeconds(10), Duration.ofSeconds(10));

    /** A limit for a check that waits so many times. */
    Duration waits(int times) {
        return patience.plus(stop).multipliedBy(times).plusSeconds(5);
    }
}
