// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import mimir.ring.Abi;
import mimir.ring.Descriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class IngestTest {
    private static final long BUDGET = 16L << 20;

    @Test
    void shouldTakeEveryItemOnceAndInOrderOfTime() {
        try (var feed = new Feed(BUDGET).source("a", Abi.ITEM_FRAME, 4096).source("b", Abi.ITEM_AUDIO, 256)) {
            for (int i = 0; i < 60; i++) {
                feed.publish("b", 1000L * i + 500).publish("a", 1000L * i);
            }
            assertEquals(120, feed.ingest.pass());

            assertEquals(LongStream.range(0, 60).boxed().toList(), feed.sequences("a"));
            assertEquals(LongStream.range(0, 60).boxed().toList(), feed.sequences("b"));
            var log = feed.ingest.log();
            for (long entry = log.first() + 1; entry < log.end(); entry++) {
                assertTrue(log.key(entry - 1) <= log.key(entry), "in order of time across sources");
            }
            var stats = feed.ingest.tracks()[0].reader.stats();
            assertTrue(stats.conserved() && stats.delivered() == 60 && stats.copiedPerDelivered() == 1.0,
                    stats::toString);
        }
    }

    @Test
    void shouldShowItemsInPlaceAndReadOnly() {
        try (var feed = new Feed(BUDGET).source("a", Abi.ITEM_FRAME, 4096)) {
            feed.publish("a", 1).ingest.pass();
            var cursor = feed.cursor("a", 0, 10);
            assertTrue(cursor.next());

            long base = feed.ingest.log().memory().address();
            assertTrue(cursor.memory().address() == base && cursor.offset()
                    + cursor.length() <= feed.ingest.log().memory().byteSize());
            assertTrue(cursor.memory().isReadOnly());
            assertTrue(Feed.holdsItsSequence(cursor) && cursor.intact());
            assertFalse(cursor.next());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldRetainByTimeAndBytesOnlyWhateverTheKind(long seed) {
        var asFrames = retained(seed, true, false);
        var swapped = retained(seed, false, true);
        var alike = retained(seed, true, true);

        assertEquals(asFrames, swapped);
        assertEquals(asFrames, alike);
    }

    private static List<List<Long>> retained(long seed, boolean firstIsFrame, boolean secondIsFrame) {
        var random = new Random(seed);
        int large = 1 + random.nextInt(60_000);
        int small = 1 + random.nextInt(3_000);
        try (var feed = new Feed(BUDGET).source("x", Feed.kind(firstIsFrame), large).source("y",
                Feed.kind(secondIsFrame), small)) {
            long edge = Long.MIN_VALUE;
            for (int i = 0; i < 4_000; i++) {
                feed.publish(random.nextInt(4) == 0 ? "x" : "y", 1000L * i + random.nextInt(2_000)).ingest.pass();
                assertTrue(feed.ingest.log().edge() >= edge, "the edge never goes back");
                edge = feed.ingest.log().edge();
            }
            var memory = feed.ingest.log();
            assertTrue(memory.usedBytes() <= memory.capacityBytes());
            return List.of(feed.sequences("x"), feed.sequences("y"));
        }
    }

    @Test
    void shouldCountAndMarkAWrongChecksum() {
        try (var feed = new Feed(BUDGET).source("a", Abi.ITEM_FRAME, 4096)) {
            feed.publish("a", 1);
            var region = feed.owners.get("a").region();
            long payload = region.byteSize() - 64 * 4096L;
            region.set(ValueLayout.JAVA_BYTE, payload + 5, (byte) 77);
            feed.publish("a", 2).ingest.pass();

            var cursor = feed.cursor("a", 0, 10);
            assertTrue(cursor.next() && cursor.descriptor().has(Descriptor.CORRUPT), "kept and marked");
            assertTrue(cursor.next() && !cursor.descriptor().has(Descriptor.CORRUPT));
            assertEquals(1, feed.ingest.tracks()[0].reader.stats().checksumErrors());
        }
    }

    @Test
    void shouldKeepTheHistoryOfASourceThatWasSwapped() {
        try (var feed = new Feed(BUDGET).source("a", Abi.ITEM_FRAME, 4096)) {
            feed.publish("a", 1).publish("a", 2).ingest.pass();
            feed.owners.get("a").close();
            feed.source("a", Abi.ITEM_FRAME, 4096).publish("a", 3).ingest.pass();

            assertEquals(1, feed.ingest.tracks().length, "one reader through the swap");
            var cursor = feed.cursor("a", 0, 10);
            assertTrue(cursor.next() && cursor.next() && cursor.descriptor().epoch() == 1);
            assertTrue(cursor.next() && cursor.descriptor().epoch() == 2
                    && cursor.descriptor().has(Descriptor.DISCONTINUITY));
        }
    }

    @Test
    void shouldRefuseNewItemsRatherThanOverwriteAPinnedWindow() {
        try (var feed = new Feed(BUDGET).source("a", Abi.ITEM_FRAME, 60_000)) {
            feed.publish("a", 1).ingest.pass();
            feed.ingest.pinnedFrom(0);
            for (int i = 2; i < 600; i++) {
                feed.publish("a", i).ingest.pass();
            }
            assertTrue(feed.ingest.refused() > 0);
            assertEquals(0, feed.sequences("a").getFirst());

            feed.ingest.pinnedFrom(Long.MAX_VALUE);
            feed.publish("a", 700).ingest.pass();
            assertEquals(599, feed.sequences("a").getLast());
        }
    }

    @Test
    void shouldNeverShowBytesThatTheEdgeHasOvertaken() throws Exception {
        try (var feed = new Feed(BUDGET).source("a", Abi.ITEM_FRAME, 30_000);
                var threads = Executors.newSingleThreadExecutor()) {
            feed.publish("a", 0).ingest.pass();
            var done = new AtomicBoolean();
            var reading = threads.submit(() -> {
                long whole = 0;
                while (!done.get()) {
                    var cursor = feed.cursor("a", Long.MIN_VALUE, Long.MAX_VALUE);
                    while (cursor.next()) {
                        boolean right = Feed.holdsItsSequence(cursor);
                        assertTrue(!cursor.intact() || right, "bytes of another item although it is intact");
                        whole++;
                    }
                }
                return whole;
            });
            for (int i = 1; i < 6_000; i++) {
                feed.publish("a", i).ingest.pass();
            }
            done.set(true);
            assertTrue(reading.get() > 0);
        }
    }

    @Test
    void shouldAllocateNothingPerItem() {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (var feed = new Feed(BUDGET).source("a", Abi.ITEM_FRAME, 4096)) {
            long allocated = 0;
            for (int i = 0; i < 150_000; i++) {
                var writer = feed.owners.get("a").writer();
                writer.claim();
                writer.descriptor().sequence(i).hostTimeNs(i).shape(1, 16, 16, 4096);
                writer.commit();
                long before = i < 50_000 ? 0 : threads.getCurrentThreadAllocatedBytes();
                feed.ingest.pass();
                allocated += i < 50_000 ? 0 : threads.getCurrentThreadAllocatedBytes() - before;
            }
            assertEquals(0, allocated / 100_000, "bytes per item");
        }
    }
}
