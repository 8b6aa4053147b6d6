// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import mimir.api.BadInputException;
import mimir.ring.Abi;
import mimir.ring.Descriptor;
import mimir.ring.HostClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Items that stay in the ring that their driver writes. */
@Timeout(60)
class InPlaceTest {
    private static final long BUDGET = 16L << 20;
    private static final int BYTES = 4096;
    private static final int SLOTS = 1024;
    private static final int KEPT = SLOTS - SLOTS / 16;

    private static Feed feed() {
        return new Feed(BUDGET, Feed.inPlace("a")).source("a", Abi.ITEM_FRAME, BYTES);
    }

    private static Feed fill(Feed feed, long from, long to) {
        for (long i = from; i < to; i++) {
            feed.take("a", i);
        }
        return feed;
    }

    private static List<Long> range(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    private static void assertWhole(Feed feed, long from, long to) {
        var cursor = feed.cursor("a", Long.MIN_VALUE, Long.MAX_VALUE);
        for (long i = from; i < to; i++) {
            assertThat(cursor.next()).isTrue();
            assertThat(cursor.descriptor().sequence()).isEqualTo(i);
            assertThat(Feed.holdsItsSequence(cursor) && cursor.intact()).as("item %d", i).isTrue();
        }
        assertThat(cursor.next()).isFalse();
        assertThat(cursor.overtaken()).isZero();
    }

    @Test
    void shouldCopyNothingAndShowWhatTheDriverWrote() {
        try (var feed = fill(feed(), 0, 100)) {
            var track = feed.ingest.track("a");
            assertThat(track.reader().stats().bytesCopied()).isZero();
            assertThat(track.bytes()).isEqualTo(100L * BYTES);
            assertWhole(feed, 0, 100);
            var cursor = feed.cursor("a", 7, 8);
            assertThat(cursor.next()).isTrue();
            assertThat(cursor.memory().isReadOnly()).isTrue();
            var region = feed.owners.get("a").region();
            assertThat(cursor.memory().address()).as("in the ring itself").isEqualTo(region.address());
            assertThat(cursor.memory().byteSize()).isEqualTo(region.byteSize());
            assertThat(track.holds.current().slots()).isEqualTo(SLOTS);
        }
    }

    @Test
    void shouldMoveOneEdgeForAllBeforeTheRingComesRound() {
        try (var feed = feed().source("b", Abi.ITEM_FRAME, 64)) {
            for (int i = 0; i < 3 * SLOTS; i++) {
                feed.take("a", 10L * i).take("b", 10L * i + 5);
            }
            long first = 3 * SLOTS - KEPT + 1;
            assertThat(feed.ingest.log().edge()).isEqualTo(10 * (first - 1) + 1);
            assertThat(feed.sequences("a").getFirst()).isEqualTo(first);
            assertThat(feed.sequences("b").getFirst()).as("what is as old goes, too").isEqualTo(first - 1);
            assertThat(feed.ingest.track("a").reader().stats().bytesCopied()).isZero();
            assertThat(feed.ingest.track("a").items() + feed.ingest.track("a").evicted()).isEqualTo(3 * SLOTS);
        }
    }

    @Test
    void shouldKeepWhatIsPinnedByCopyingItBeforeTheWriterComes() {
        try (var feed = fill(feed(), 0, 600)) {
            var pin = feed.pins.pin(200);
            fill(feed, 600, 5 * SLOTS);

            assertThat(feed.ingest.log().edge()).isLessThanOrEqualTo(200);
            long refused = feed.ingest.refused();
            assertThat(refused).as("new items wait outside when there is no room to copy them").isPositive();
            assertThat(feed.sequences("a").getFirst()).isLessThanOrEqualTo(200);
            assertWhole(feed, feed.sequences("a").getFirst(), 5 * SLOTS - refused);
            assertThat(feed.ingest.track("a").lost()).isZero();
            pin.close();
            fill(feed, 5 * SLOTS, 7 * SLOTS);
            assertThat(feed.ingest.refused()).isEqualTo(refused);
            assertThat(feed.sequences("a").getLast()).isEqualTo(7L * SLOTS - 1);
        }
    }

    /** Who stands still over one item for longer than the ring lasts is told so; whoever looks again finds its copy. */
    @Test
    void shouldShowTheCopyToWhoLooksAgain() {
        try (var feed = fill(feed(), 0, 10); var pin = feed.pins.pin(3)) {
            var held = feed.cursor("a", 3, 4);
            assertThat(held.next()).isTrue();
            fill(feed, 10, SLOTS - 1);
            assertThat(held.intact()).as("copied, but not overwritten yet").isTrue();
            assertThat(Feed.holdsItsSequence(held)).isTrue();
            fill(feed, SLOTS - 1, SLOTS + 10);
            assertThat(held.intact()).as("the writer came").isFalse();

            assertWhole(feed, feed.sequences("a").getFirst(), SLOTS + 10);
            assertThat(feed.sequences("a", 3, 4)).containsExactly(3L);
            assertThat(feed.ingest.refused() + feed.ingest.track("a").lost()).isZero();
        }
    }

    /** What one window may hold is measured by what belongs to it, wherever it lies. */
    @Test
    void shouldPinThreeQuartersAndNoMore() {
        try (var feed = new Feed(BUDGET, Feed.inPlace("a")).source("a", Abi.ITEM_FRAME, 4 * BYTES)) {
            fill(feed, 0, 900);
            long item = Records.HEADER + 4L * BYTES;
            long most = feed.ingest.log().capacityBytes() / 4 * 3 / item;
            assertThat(most).as("fewer than the ring keeps").isBetween(500L, 900L);
            assertThatThrownBy(() -> feed.pins.pin(900 - most - 2)).isInstanceOf(BadInputException.class)
                    .hasMessageContaining("at most three quarters of the reservoir");
            feed.pins.pin(900 - most + 2).close();
        }
    }

    @Test
    void shouldRefuseToPinMoreThanItCouldCopy() {
        try (var feed = new Feed(BUDGET, Feed.inPlace("a")).source("a", Abi.ITEM_FRAME, 5 * BYTES)) {
            fill(feed, 0, 900);
            assertThatThrownBy(() -> feed.pins.pin(1)).isInstanceOf(BadInputException.class)
                    .hasMessageContaining("at most three quarters of the reservoir");
            assertThat(feed.pins.bytes()).isZero();
        }
    }

    @Test
    void shouldFindAgainWhatTheRingHoldsWhenItStartsAnew() {
        try (var feed = fill(feed(), 0, 2 * SLOTS)) {
            try (var again = new Feed(BUDGET)) {
                again.ingest.add(feed.owners.get("a").ring());
                again.ingest.pass();
                assertThat(again.sequences("a")).isEqualTo(range(2 * SLOTS - KEPT, 2 * SLOTS));
                assertThat(again.ingest.track("a").reader().stats().bytesCopied()).isZero();
            }
        }
    }

    /** In the order of arrival it would be newer than all else, and its ring comes round first. */
    @Test
    void shouldLeaveOutHistoryOfASourceThatComesWhenOthersHaveBegun() {
        long now = HostClock.nowNs();
        try (var feed = new Feed(BUDGET, Feed.inPlace("a", "b")).source("a", Abi.ITEM_FRAME, BYTES)
                .source("b", Abi.ITEM_FRAME, BYTES); var again = new Feed(BUDGET)) {
            for (int i = 0; i < SLOTS; i++) {
                feed.publish("a", now - (SLOTS - i) * 4_000_000L).publish("b", now - (SLOTS - i) * 4_000_000L);
            }
            feed.publish("b", now);
            assertThat(again.ingest.add(feed.owners.get("a").ring())).isZero();
            again.ingest.pass();
            assertThat(again.ingest.add(feed.owners.get("b").ring())).isBetween(KEPT - 260, KEPT - 2);
            again.ingest.pass();
            again.ingest.pass();
            assertThat(again.sequences("a")).hasSizeBetween(KEPT - 1, KEPT);
            assertThat(again.sequences("b")).contains((long) SLOTS).hasSizeBetween(1, 260);
        }
    }

    @Test
    void shouldHoldTheFormerRegionUntilItsLastItemHasGone() {
        try (var feed = fill(feed(), 0, 50)) {
            feed.owners.get("a").close();
            feed.source("a", Abi.ITEM_FRAME, 2 * BYTES); // does not fit: a successor region
            fill(feed, 50, 60);
            long two = feed.ingest.track("a").holds.bytes();
            assertWhole(feed, 0, 60);
            assertThat(feed.ingest.hasRetired()).isFalse();

            fill(feed, 60, 60 + SLOTS);
            assertThat(feed.ingest.hasRetired()).isTrue();
            assertThat(feed.ingest.track("a").holds.bytes()).isLessThan(two);
            feed.ingest.closeRetired();
            assertThat(feed.sequences("a").getLast()).isEqualTo(59L + SLOTS);
        }
    }

    @Test
    void shouldCopyAgainOnceTheRingIsNoLongerMeantToBeKept() {
        try (var feed = fill(feed(), 0, 10)) {
            feed.owners.get("a").close();
            feed.rings(Map.of()).source("a", Abi.ITEM_FRAME, BYTES);
            fill(feed, 10, 10 + SLOTS);
            assertThat(feed.ingest.track("a").holds.current()).isNull();
            assertThat(feed.ingest.track("a").reader().stats().bytesCopied()).isEqualTo((long) SLOTS * BYTES);
            assertThat(feed.sequences("a")).as("nothing is shown that the ring overwrote").startsWith(
                    feed.ingest.track("a").evicted());
        }
    }

    /** Nobody reads the payload on the way: who reads it later tells a wrong checksum, as in any ring. */
    @Test
    void shouldLeaveTheChecksumToWhoReads() {
        try (var feed = feed()) {
            feed.publish("a", 1);
            var region = feed.owners.get("a").region();
            region.set(ValueLayout.JAVA_BYTE, region.byteSize() - (long) SLOTS * BYTES + 5, (byte) 77);
            feed.ingest.pass();
            var cursor = feed.cursor("a", 0, 10);
            assertThat(cursor.next()).isTrue();
            assertThat(cursor.descriptor().has(Descriptor.CORRUPT)).isFalse();
            assertThat(cursor.descriptor().has(Descriptor.CRC)).isTrue();
        }
    }

    @Test
    void shouldTellAReaderThatItsItemIsNoLongerThere() {
        try (var feed = fill(feed(), 0, 10)) {
            var cursor = feed.cursor("a", Long.MIN_VALUE, Long.MAX_VALUE);
            assertThat(cursor.next()).isTrue();
            for (int i = 10; i < SLOTS; i++) {
                feed.publish("a", i); // and the reservoir stands still
            }
            assertThat(cursor.intact()).isTrue();
            feed.publish("a", SLOTS);
            assertThat(cursor.intact()).as("the slot was written anew").isFalse();
            feed.ingest.pass();
            long seen = 1;
            while (cursor.next()) {
                seen++;
            }
            assertThat(seen + cursor.overtaken()).isEqualTo(feed.ingest.track("a").taken());
        }
    }

    @Test
    void shouldAllocateNothingPerItem() {
        try (var feed = feed()) {
            allocated(feed, 30_000);
            assertThat(allocated(feed, 50_000) / 50_000.0).as("bytes per item").isLessThanOrEqualTo(0.5);
        }
    }

    private static long allocated(Feed feed, int items) {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = 0;
        for (int i = 0; i < items; i++) {
            feed.publish("a", i);
            long before = threads.getCurrentThreadAllocatedBytes();
            feed.ingest.pass();
            allocated += threads.getCurrentThreadAllocatedBytes() - before;
        }
        return allocated;
    }
}
