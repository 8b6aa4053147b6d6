// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import mimir.ring.Abi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stays and what goes: bytes and time decide, nothing else. */
@Timeout(60)
class RetentionTest {
    private static final long BUDGET = 16L << 20;
    private static final int[][] KINDS = {{0, 1, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}, {0, 0, 0}, {1, 1, 1}};

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldRetainByTimeAndBytesOnlyWhateverTheKind(long seed) {
        var first = retained(seed, KINDS[0]);
        for (var kinds : KINDS) {
            assertThat(retained(seed, kinds)).isEqualTo(first);
        }
    }

    private static List<List<Long>> retained(long seed, int[] kinds) {
        var random = new Random(seed);
        try (var feed = new Feed(BUDGET / 4)) {
            for (int source = 0; source < 3; source++) {
                feed.source("s" + source, Feed.kind(kinds[source]), 8 * (1 + random.nextInt(1_000)));
            }
            for (int i = 0; i < 3_000; i++) {
                feed.take("s" + random.nextInt(3), 1000L * i + random.nextInt(2_000));
            }
            assertThat(feed.ingest.log().edge()).as("something went").isPositive();
            return List.of(feed.sequences("s0"), feed.sequences("s1"), feed.sequences("s2"));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void shouldMoveTheEdgeForwardOnlyAndShowAllFromThereOn(long seed) {
        var random = new Random(seed);
        try (var feed = new Feed(BUDGET).source("slow", Abi.ITEM_FRAME, 65_000).source("fast", Abi.ITEM_AUDIO, 1_000)) {
            long edge = Long.MIN_VALUE;
            var times = new long[2][8_000];
            var taken = new int[2];
            for (int i = 0; i < 8_000; i++) {
                int source = random.nextInt(20) == 0 ? 0 : 1;
                times[source][taken[source]] = 1000L * i - random.nextInt(3_000);
                feed.take(source == 0 ? "slow" : "fast", times[source][taken[source]++]);
                assertThat(feed.ingest.log().edge()).isGreaterThanOrEqualTo(edge);
                edge = feed.ingest.log().edge();
            }
            assertThat(edge).isGreaterThan(0);
            for (int source = 0; source < 2; source++) {
                var of = times[source];
                long from = edge;
                var expected = LongStream.range(0, taken[source]).filter(i -> of[(int) i] >= from).boxed().toList();
                assertThat(feed.sequences(source == 0 ? "slow" : "fast")).isEqualTo(expected);
            }
            var log = feed.ingest.log();
            assertThat(log.bytesFrom(log.first())).isBetween(log.capacityBytes() * 9 / 10, log.capacityBytes());
        }
    }

    @Test
    void shouldEvictByNumberWhereItemsAreSmallerThanTheirEntries() {
        try (var feed = new Feed(BUDGET).source("tiny", Abi.ITEM_EVENT, 8)) {
            long most = Index.entriesFor(BUDGET);
            for (int i = 0; i < 3 * most; i++) {
                feed.publish("tiny", i);
                if (i % 1000 == 0) {
                    feed.ingest.pass();
                }
            }
            feed.ingest.pass();
            assertThat(feed.sequences("tiny")).isEqualTo(LongStream.range(2 * most, 3 * most).boxed().toList());
        }
    }

    @Test
    void shouldRefuseAnItemThatIsLargerThanAllOfIt() {
        try (var feed = new Feed(1 << 20).source("huge", Abi.ITEM_FRAME, 2 << 20)
                .source("a", Abi.ITEM_FRAME, 64)) {
            feed.take("a", 1).take("huge", 2).take("a", 3);
            assertThat(feed.ingest.refused()).isEqualTo(1);
            assertThat(feed.sequences("a")).containsExactly(0L, 1L);
            assertThat(feed.sequences("huge")).isEmpty();
        }
    }

    @Test
    void shouldWaitForPagesThatAreStillBeingMade() {
        var ingest = new Ingest(BUDGET);
        try (var feed = new Feed(BUDGET)) {
            var ring = feed.source("a", Abi.ITEM_FRAME, 60_000).owners.get("a").ring();
            ingest.add(ring);
            for (int i = 0; i < 60; i++) {
                feed.publish("a", i);
            }
            assertThat(ingest.pass()).isZero();
            ingest.log().populate(1 << 20);
            assertThat(ingest.pass()).isEqualTo((1 << 20) / 60_224);
            assertThat(ingest.caughtUp()).isFalse();
            ingest.log().populate(BUDGET);
            ingest.pass();
            assertThat(ingest.caughtUp()).isTrue();
            assertThat(ingest.track("a").taken()).isEqualTo(60);
        } finally {
            ingest.close(Duration.ofSeconds(1));
        }
    }

    @Test
    void shouldGoRoundInThePagesThatItGot() {
        var ingest = new Ingest(BUDGET);
        try (var feed = new Feed(BUDGET)) {
            var ring = feed.source("a", Abi.ITEM_FRAME, 60_000).owners.get("a").ring();
            ingest.add(ring);
            ingest.log().populate(8 << 20);
            ingest.log().endPages();
            for (int i = 0; i < 500; i++) {
                feed.publish("a", i);
                ingest.pass();
            }
            assertThat(ingest.refused()).isZero();
            var cursor = new LogCursor(ingest.log(), ingest.track("a"), Long.MIN_VALUE, Long.MAX_VALUE);
            int items = 0;
            while (cursor.next()) {
                assertThat(Feed.holdsItsSequence(cursor) && cursor.intact()).isTrue();
                assertThat(cursor.offset() + cursor.length()).isLessThanOrEqualTo(Index.bytesFor(BUDGET) + (8 << 20));
                items++;
            }
            assertThat(items).isBetween(100, 140);
            assertThat(cursor.descriptor().sequence()).isEqualTo(499);
        } finally {
            ingest.close(Duration.ofSeconds(1));
        }
    }

    /** A host that makes pages slowly costs depth, never an item. */
    @Test
    void shouldGoRoundInThePagesThatAreThereAndGrowWithThoseThatCome() {
        long pages = 4L << 20;
        var ingest = new Ingest(BUDGET, pages);
        try (var feed = new Feed(BUDGET)) {
            ingest.add(feed.source("a", Abi.ITEM_FRAME, 60_000).owners.get("a").ring());
            var log = ingest.log();
            int published = 0;
            for (int part = 1; part <= 3; part++) {
                log.populate(pages);
                for (int i = 0; i < 317; i++) {
                    feed.publish("a", published++);
                    assertThat(ingest.pass()).isEqualTo(1);
                }
                assertThat(log.capacityBytes()).isEqualTo(part * pages);
                assertThat(log.bytesFrom(log.first())).isBetween(part * pages - 2 * 61_000, part * pages);
                assertThat(log.end() - log.first()).isEqualTo(part * pages / 60_224);
                assertKept(ingest, published);
            }
        } finally {
            ingest.close(Duration.ofSeconds(1));
        }
    }

    private static void assertKept(Ingest ingest, int published) {
        var cursor = new LogCursor(ingest.log(), ingest.track("a"), Long.MIN_VALUE, Long.MAX_VALUE);
        long next = ingest.log().first();
        while (cursor.next()) {
            assertThat(Feed.holdsItsSequence(cursor) && cursor.intact()).isTrue();
            assertThat(cursor.descriptor().sequence()).isEqualTo(next++);
        }
        assertThat(next).isEqualTo(published);
        assertThat(ingest.refused()).isZero();
    }

    @Test
    void shouldTakeNoMoreMemoryOverManyTurns() throws IOException {
        try (var feed = new Feed(4 * BUDGET).source("a", Abi.ITEM_FRAME, 614_400).source("b", Abi.ITEM_AUDIO, 2048)) {
            turn(feed, 0);
            turn(feed, 1);
            long before = residentBytes();
            for (int turn = 2; turn < 20; turn++) {
                turn(feed, turn);
            }
            assertThat(residentBytes() - before).isLessThan(BUDGET);
        }
    }

    private static void turn(Feed feed, long turn) {
        for (int i = 0; i < 110; i++) {
            feed.take("a", 1000 * turn + i).take("b", 1000 * turn + i);
        }
    }

    /** Of the whole process. */
    static long residentBytes() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10).findFirst().orElseThrow();
        }
    }
}
