// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.stream.LongStream;
import mimir.ring.Abi;
import mimir.ring.Descriptor;
import mimir.ring.HostClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class IngestTest {
    private static final long BUDGET = 16L << 20;

    /** Who begins where the writer is about to come loses a quarter of what is there. */
    @Test
    void shouldLoseNothingOfAFullRingThatGoesOnWhileItIsBound() {
        try (var feed = new Feed(BUDGET).source("a", Abi.ITEM_FRAME, 64); var again = new Feed(BUDGET)) {
            var ring = feed.owners.get("a").ring();
            int slots = ring.stats().slotCount();
            for (int i = 0; i < 2 * slots; i++) {
                feed.publish("a", i);
            }
            again.ingest.add(ring);
            for (int i = 0; i < slots / 16; i++) {
                feed.publish("a", 2 * slots + i);
            }
            again.ingest.pass();
            assertThat(again.ingest.track("a").reader().stats().overtaken()).isZero();
            assertThat(again.sequences("a")).hasSize(slots);
        }
    }

    @Test
    void shouldTakeEveryItemOnceAndInOrderOfTime() {
        try (var feed = new Feed(BUDGET).source("a", Abi.ITEM_FRAME, 4096).source("b", Abi.ITEM_AUDIO, 256)) {
            for (int i = 0; i < 60; i++) {
                feed.publish("b", 1000L * i + 500).publish("a", 1000L * i);
            }
            assertThat(feed.ingest.pass()).isEqualTo(120);
            assertThat(feed.ingest.pass()).isZero();

            assertThat(feed.sequences("a")).isEqualTo(LongStream.range(0, 60).boxed().toList());
            assertThat(feed.sequences("b")).isEqualTo(LongStream.range(0, 60).boxed().toList());
            var log = feed.ingest.log();
            for (long entry = log.first() + 1; entry < log.end(); entry++) {
                assertThat(log.index.key(entry)).isEqualTo(log.index.key(entry - 1) + 500);
            }
        }
    }

    @Test
    void shouldCopyEachByteOnceAndAccountForEveryItem() {
        try (var feed = new Feed(BUDGET).source("a", Abi.ITEM_FRAME, 4096)) {
            for (int i = 0; i < 1000; i++) {
                feed.publish("a", i);
                if (i % 100 < 10) {
                    feed.ingest.pass(); // in between the ring goes round: items are overtaken
                }
            }
            feed.ingest.pass();

            var stats = feed.ingest.track("a").reader().stats();
            assertThat(stats.conserved()).isTrue();
            assertThat(stats.pending()).isZero();
            assertThat(stats.overtaken()).isPositive();
            assertThat(stats.copiedPerDelivered()).isEqualTo(1.0);
            assertThat(feed.ingest.track("a").items()).isEqualTo(stats.delivered());
            assertThat(feed.ingest.track("a").bytes()).isEqualTo(stats.bytesDelivered());
        }
    }

    @Test
    void shouldCountAndMarkAWrongChecksum() {
        try (var feed = new Feed(BUDGET).source("a", Abi.ITEM_FRAME, 4096)) {
            feed.publish("a", 1);
            var region = feed.owners.get("a").region();
            long payload = region.byteSize() - 64 * 4096L;
            region.set(ValueLayout.JAVA_BYTE, payload + 5, (byte) 77);
            feed.take("a", 2);

            var cursor = feed.cursor("a", 0, 10);
            assertThat(cursor.next()).isTrue();
            assertThat(cursor.descriptor().has(Descriptor.CORRUPT)).as("kept and marked").isTrue();
            assertThat(cursor.next()).isTrue();
            assertThat(cursor.descriptor().has(Descriptor.CORRUPT)).isFalse();
            assertThat(feed.ingest.track("a").reader().stats().checksumErrors()).isEqualTo(1);
        }
    }

    @Test
    void shouldKeepTheHistoryOfASourceThatWasSwapped() {
        try (var feed = new Feed(BUDGET).source("a", Abi.ITEM_FRAME, 4096)) {
            var reader = feed.take("a", 1).take("a", 2).ingest.track("a").reader();
            feed.owners.get("a").close();
            feed.source("a", Abi.ITEM_FRAME, 4096).take("a", 3);

            assertThat(feed.ingest.tracks()).hasSize(1);
            assertThat(feed.ingest.track("a").reader()).as("one reader through the swap").isSameAs(reader);
            var cursor = feed.cursor("a", 0, 10);
            assertThat(cursor.next() && cursor.next()).isTrue();
            assertThat(cursor.descriptor().epoch()).isEqualTo(1);
            assertThat(cursor.next()).isTrue();
            assertThat(cursor.descriptor().epoch()).isEqualTo(2);
            assertThat(cursor.descriptor().has(Descriptor.DISCONTINUITY)).isTrue();
            assertThat(feed.ingest.track("a").discontinuities()).isEqualTo(2);
        }
    }

    @Test
    void shouldKnowTheFormatOfItemsWhoseRegionIsGone() {
        try (var feed = new Feed(BUDGET).source("a", Abi.ITEM_FRAME, 4096)) {
            feed.take("a", 1);
            feed.owners.get("a").close();
            feed.source("a", Abi.ITEM_FRAME, 8192).take("a", 2); // does not fit: a successor region
            feed.owners.get("a").close();

            var cursor = feed.cursor("a", 0, 10);
            assertThat(cursor.next()).isTrue();
            assertThat(cursor.format().payloadBytes()).isEqualTo(4096);
            assertThat(cursor.next()).isTrue();
            assertThat(cursor.format().payloadBytes()).isEqualTo(8192);
            assertThat(Feed.holdsItsSequence(cursor)).isTrue();
        }
    }

    @Test
    void shouldFollowARingThatWasMadeAnew() {
        try (var feed = new Feed(BUDGET).source("a", Abi.ITEM_FRAME, 4096); var other = new Feed(BUDGET)) {
            feed.take("a", 1);
            other.source("a", Abi.ITEM_FRAME, 4096);
            feed.ingest.add(other.owners.get("a").ring());
            other.publish("a", 2);
            feed.ingest.pass();
            feed.ingest.pass();

            assertThat(feed.ingest.tracks()).hasSize(1);
            assertThat(feed.ingest.track("a").items()).isEqualTo(2);
        }
    }

    @Test
    void shouldNotLetOneWrongClockTakeTheEdgeAlong() {
        try (var feed = new Feed(BUDGET).source("a", Abi.ITEM_FRAME, 60_000)) {
            long now = HostClock.nowNs();
            feed.take("a", Long.MAX_VALUE);
            assertThat(feed.ingest.track("a").items()).isEqualTo(1);
            for (int i = 0; i < 600; i++) {
                feed.take("a", HostClock.nowNs());
            }
            assertThat(feed.ingest.log().edge()).isBetween(now, HostClock.nowNs());
            assertThat(feed.sequences("a")).hasSizeGreaterThan(200).endsWith(600L);
        }
    }

    @Test
    void shouldLeaveOutMoreSourcesThanItKeeps() {
        try (var feed = new Feed(BUDGET)) {
            for (int i = 0; i < Ingest.MOST_SOURCES; i++) {
                feed.source("s" + i, Abi.ITEM_FRAME, 64);
            }
            var oneMore = feed.source("one-more", Abi.ITEM_FRAME, 64).owners.get("one-more").ring();
            assertThat(feed.ingest.tracks()).hasSize(Ingest.MOST_SOURCES);
            assertThat(feed.ingest.add(oneMore)).isEqualTo(Ingest.NO_PLACE);
            assertThat(feed.ingest.add(feed.owners.get("s7").ring())).as("known already").isZero();
        }
    }

    @Test
    void shouldAllocateNothingPerItem() {
        try (var feed = new Feed(BUDGET).source("a", Abi.ITEM_FRAME, 4096).source("b", Abi.ITEM_AUDIO, 2048)) {
            int warm = 30_000;
            allocated(feed, warm, "a", "b");
            assertThat(allocated(feed, 50_000, "a", "b") / 100_000.0).as("bytes per item").isLessThanOrEqualTo(0.5);
            assertThat(feed.ingest.track("a").taken() + feed.ingest.track("b").taken()).isEqualTo(2 * (warm + 50_000));
        }
    }

    /** They go another way than small items, through the C library. */
    @Test
    void shouldAllocateNothingPerLargeItem() {
        try (var feed = new Feed(BUDGET).source("a", Abi.ITEM_FRAME, 65_536)) {
            allocated(feed, 10_000, "a");
            assertThat(allocated(feed, 2_000, "a") / 2_000.0).as("bytes per item").isLessThanOrEqualTo(0.5);
        }
    }

    /** Bytes on the heap for taking in items, one of each source at a time. */
    private static long allocated(Feed feed, int items, String... sources) {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = 0;
        for (int i = 0; i < items; i++) {
            for (var source : sources) {
                feed.publish(source, i);
            }
            long before = threads.getCurrentThreadAllocatedBytes();
            feed.ingest.pass();
            allocated += threads.getCurrentThreadAllocatedBytes() - before;
        }
        return allocated;
    }
}
