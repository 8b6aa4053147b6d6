// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import mimir.api.BadInputException;
import mimir.ring.Abi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PinsTest {
    private static final long BUDGET = 16L << 20;

    private static Feed full() {
        var feed = new Feed(BUDGET).source("a", Abi.ITEM_FRAME, 60_000);
        for (int i = 0; i < 600; i++) {
            feed.take("a", i);
        }
        return feed;
    }

    @Test
    void shouldRefuseNewItemsRatherThanOverwriteAPinnedWindow() {
        try (var feed = full()) {
            var pin = feed.pins.pin(500);
            for (int i = 600; i < 1_000; i++) {
                feed.take("a", i);
            }
            long refused = feed.ingest.refused();
            assertThat(refused).isPositive();
            assertThat(feed.sequences("a", 500, 2_000)).hasSize(500 - (int) refused).startsWith(500L, 501L);
            assertThat(feed.ingest.track("a").reader().stats().conserved()).isTrue();
            pin.close();
            pin.close();

            feed.take("a", 1_000);
            assertThat(feed.sequences("a")).endsWith(1_000L);
            assertThat(feed.ingest.refused()).isEqualTo(refused);
        }
    }

    @Test
    void shouldHoldTheEarliestOfOverlappingWindows() {
        try (var feed = full()) {
            var late = feed.pins.pin(560);
            long lateBytes = feed.pins.bytes();
            var early = feed.pins.pin(500);
            assertThat(feed.pins.bytes()).isGreaterThan(2 * lateBytes);
            late.close();
            for (int i = 600; i < 1_000; i++) {
                feed.take("a", i);
            }
            assertThat(feed.sequences("a", 500, 1_000)).startsWith(500L);
            early.close();
            assertThat(feed.pins.bytes()).isZero();
        }
    }

    @Test
    void shouldRefuseWindowsThatAreTooLongOrGone() {
        try (var feed = full()) {
            long edge = feed.ingest.log().edge();
            assertThatThrownBy(() -> feed.pins.pin(edge - 1)).isInstanceOf(BadInputException.class)
                    .hasMessageContaining("before the edge");
            assertThatThrownBy(() -> feed.pins.pin(edge)).isInstanceOf(BadInputException.class)
                    .hasMessageContaining("three quarters");
            assertThat(feed.pins.bytes()).isZero();
            feed.take("a", 600);
            assertThat(feed.ingest.refused()).as("a refused pin holds nothing").isZero();
        }
    }

    @Test
    void shouldHoldTheEdgeWhileItMoves() throws Exception {
        try (var feed = full(); var threads = Executors.newSingleThreadExecutor()) {
            var done = new AtomicBoolean();
            var feeding = threads.submit(() -> {
                for (int i = 600; !done.get(); i++) {
                    feed.take("a", i);
                }
            });
            try {
                long until = System.nanoTime() + Duration.ofSeconds(1).toNanos();
                int pinned = 0;
                while (System.nanoTime() < until) {
                    pinned += holdsTheEdge(feed.ingest.log()) ? 1 : 0;
                }
                assertThat(pinned).isPositive();
            } finally {
                done.set(true);
            }
            feeding.get();
        }
    }

    /** Pins just before the edge as it moves: either the pin is too late, or the edge stays where it is. */
    private static boolean holdsTheEdge(ReservoirLog log) {
        long from = log.edge() + 1;
        boolean held = log.pinFrom(from);
        long first = log.first();
        for (int look = 0; held && look < 1_000; look++) {
            assertThat(log.edge()).isLessThanOrEqualTo(from);
            // one eviction may have begun before the pin was there, and the item before the pin may go as well
            assertThat(log.first() - first).isLessThanOrEqualTo(2);
        }
        log.pinFrom(Long.MAX_VALUE);
        return held;
    }
}
