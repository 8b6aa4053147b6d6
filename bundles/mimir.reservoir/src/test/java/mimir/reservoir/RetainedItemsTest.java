// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import mimir.api.reservoir.RetainedItems.Found;
import mimir.api.reservoir.RetainedItems.Order;
import mimir.ring.Abi;
import mimir.ring.Descriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What belongs to the items of a source lives under the same edge, and is found by its key. */
@Timeout(60)
class RetainedItemsTest {
    private static final long BUDGET = 16L << 20;
    private static final long ENOUGH = 500;

    /** Finds by sequence and counts its looks. Confined. */
    private static final class BySequence implements Order {
        private long sought;
        private long looks;

        BySequence of(long sequence) {
            sought = sequence;
            return this;
        }

        @Override
        public int compare(Descriptor item) {
            looks++;
            return Long.compare(item.sequence(), sought);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldFindWhatASearchThroughAllFinds(long seed) {
        var random = new Random(seed);
        var order = new BySequence();
        try (var feed = new Feed(BUDGET).source("cam", Abi.ITEM_FRAME, 60_000).results("cam/a@1", 64)
                .results("cam/b@1", 20_000)) {
            var a = feed.retained("cam/a@1");
            var b = feed.retained("cam/b@1");
            assertThat(a.seek(order.of(0))).isEqualTo(Found.NONE);
            for (int i = 0; i < 1_500; i++) {
                feed.publish("cam", i);
                if (random.nextInt(3) > 0) {
                    feed.publish("cam/a@1", i);
                }
                if (random.nextInt(9) == 0) {
                    feed.publish("cam/b@1", i);
                }
                feed.ingest.pass();
                if (i % 50 == 49) {
                    compare(feed, a, "cam/a@1", order, random);
                    compare(feed, b, "cam/b@1", order, random);
                }
            }
            assertThat(feed.ingest.log().edge()).isGreaterThan(1_000);
        }
    }

    private static void compare(Feed feed, LadderCursor cursor, String id, BySequence order, Random random) {
        var there = feed.sequences(id);
        boolean whole = feed.ingest.track(id).evicted() == 0;
        long end = feed.ingest.track(id).taken() + 3;
        for (int i = 0; i < 30; i++) {
            long sought = random.nextLong(-2, end);
            var at = Collections.binarySearch(there, sought);
            int last = at >= 0 ? at : -at - 2;
            order.looks = 0;
            var found = cursor.seek(order.of(sought));
            assertThat(found).as("%d of %s", sought, there)
                    .isEqualTo(last >= 0 ? Found.THERE : whole ? Found.NONE : Found.GONE);
            assertThat(order.looks).as("%d of %d", sought, there.size())
                    .isLessThanOrEqualTo(8 + 6L * Long.numberOfTrailingZeros(Long.highestOneBit(there.size() + 1L)));
            if (last >= 0) {
                assertThat(cursor.descriptor().sequence()).isEqualTo(there.get(last));
                assertThat(Feed.holdsItsSequence(cursor) && cursor.intact()).isTrue();
                assertThat(cursor.next()).isEqualTo(last + 1 < there.size());
            }
        }
    }

    @Test
    void shouldGoWithTheItemThatItBelongsToHoweverLateItCame() {
        try (var feed = new Feed(BUDGET).source("cam", Abi.ITEM_FRAME, 60_000).results("cam/a@1", 64)) {
            for (int i = 0; i < 100; i++) {
                feed.take("cam", i);
            }
            feed.take("cam/a@1", 10);
            feed.take("cam/a@1", 90);
            var results = feed.retained("cam/a@1");
            assertThat(results.seek(new BySequence().of(0))).isEqualTo(Found.THERE);
            int i = 100;
            while (feed.ingest.log().edge() <= 10) {
                feed.take("cam", i++);
            }
            assertThat(feed.ingest.track("cam/a@1").items()).as("its bytes are there still").isEqualTo(2);
            assertThat(results.seek(new BySequence().of(0))).isEqualTo(Found.GONE);
            assertThat(results.seek(new BySequence().of(1))).isEqualTo(Found.THERE);
            assertThat(feed.retained("cam/a@1").next()).isTrue();
            while (results.intact()) {
                feed.take("cam", i++);
            }
            assertThat(feed.ingest.log().edge()).isGreaterThan(90);
            assertThat(results.next()).isFalse();
        }
    }

    @Test
    void shouldLetARingGoAndGoOnWhereItWas() {
        try (var feed = new Feed(BUDGET).results("cam/a@1", 64)) {
            var ring = feed.take("cam/a@1", 1).publish("cam/a@1", 2).owners.get("cam/a@1").ring();
            feed.owners.get("cam/a@1").close();
            feed.ingest.letGo(ring);
            assertThat(feed.store.free("cam/a@1")).as("somebody reads it").isFalse();
            feed.ingest.pass();
            feed.ingest.pass();
            assertThat(feed.sequences("cam/a@1")).as("all that was there").containsExactly(0L, 1L);

            feed.results("cam/a@1", 64).take("cam/a@1", 3).take("cam/a@1", 4);
            assertThat(feed.sequences("cam/a@1")).as("nothing twice").containsExactly(0L, 1L, 2L, 3L);
            feed.owners.get("cam/a@1").close();
            feed.ingest.letGo(ring);
            feed.ingest.keep(ring);
            feed.ingest.pass();
            assertThat(feed.store.free("cam/a@1")).as("it was wanted again in time").isFalse();
            feed.ingest.letGo(ring);
            feed.ingest.pass();
            assertThat(feed.store.free("cam/a@1")).isTrue();

            feed.results("cam/a@1", 64).take("cam/a@1", 5).take("cam/a@1", 6);
            assertThat(feed.sequences("cam/a@1")).as("another ring").containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
        }
    }

    @Test
    void shouldHaveRoomForMoreRingsThanPlacesOneAfterTheOther() {
        try (var feed = new Feed(BUDGET).source("cam", Abi.ITEM_FRAME, 1 << 20)) {
            var kept = new ArrayList<String>();
            for (int i = 0; i < Ingest.MOST_RINGS; i++) {
                var id = "cam/a@1?x=" + i;
                var ring = feed.take("cam", i).results(id, 64).take(id, i).owners.get(id).ring();
                kept.add(id);
                feed.owners.remove(id).close();
                feed.ingest.letGo(ring);
                feed.ingest.pass();
                assertThat(feed.store.free(id)).isTrue();
                assertThat(feed.ingest.track(id)).as(id).isNotNull();
            }
            assertThat(feed.ingest.tracks()).hasSizeLessThan(40);
            assertThat(feed.sequences(kept.getLast())).containsExactly(0L);
            assertThat(feed.ingest.track(kept.getFirst())).isNull();
        }
    }

    @Test
    void shouldKeepPlacesForSourcesWhateverIsAttached() {
        try (var feed = new Feed(BUDGET)) {
            int most = Ingest.MOST_RINGS - Ingest.MOST_SOURCES;
            for (int i = 0; i < most; i++) {
                feed.results("r" + i, 64);
            }
            var more = feed.results("one-more", 64).owners.get("one-more").ring();
            assertThat(feed.ingest.keep(more)).isFalse();
            assertThat(feed.source("cam", Abi.ITEM_FRAME, 64).ingest.track("cam")).isNotNull();
        }
    }

    @Test
    void shouldAllocateNothingToTakeInAndToFind() {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        var order = new BySequence();
        try (var feed = new Feed(BUDGET).source("cam", Abi.ITEM_FRAME, 4_096).results("cam/a@1", 64)) {
            var results = feed.retained("cam/a@1");
            long allocated = 0;
            int warm = 30_000;
            for (int i = 0; i < 2 * warm; i++) {
                feed.publish("cam", i).publish("cam/a@1", i);
                long before = threads.getCurrentThreadAllocatedBytes();
                feed.ingest.pass();
                results.seek(order.of(i - 1_000));
                results.next();
                allocated += i < warm ? 0 : threads.getCurrentThreadAllocatedBytes() - before;
            }
            assertThat(allocated / (double) warm).as("bytes per item").isLessThanOrEqualTo(0.5);
            assertThat(feed.sequences("cam/a@1")).endsWith(2L * warm - 1);
        }
    }

    /** The log goes round in milliseconds, and what is sought is next to the edge. */
    @Test
    void shouldNeverShowATornOrForeignItem() throws Exception {
        try (var feed = new Feed(BUDGET).source("cam", Abi.ITEM_FRAME, 1 << 20).results("cam/a@1", 4_096)
                .results("cam/b@1", 64); var threads = Executors.newFixedThreadPool(2)) {
            var done = new AtomicBoolean();
            var enough = new CountDownLatch(2);
            var readers = List.of("cam/a@1", "cam/b@1").stream()
                    .map(id -> threads.submit(() -> seekAtTheEdge(feed, id, done, enough))).toList();
            for (int i = 0; i < 12_000 || enough.getCount() > 0 && readers.stream().noneMatch(Future::isDone); i++) {
                if (i % 8 == 0) {
                    feed.publish("cam", i);
                }
                feed.take("cam/a@1", i).take("cam/b@1", i);
            }
            done.set(true);
            for (var reader : readers) {
                assertThat(reader.get()).as("whole ones that were read").isGreaterThan(ENOUGH);
            }
        }
    }

    private static long seekAtTheEdge(Feed feed, String id, AtomicBoolean done, CountDownLatch enough) {
        var random = new Random(7);
        var order = new BySequence();
        var cursor = feed.retained(id);
        var track = feed.ingest.track(id);
        long whole = 0;
        while (!done.get()) {
            long sought = track.evicted() + random.nextInt(3);
            if (cursor.seek(order.of(sought)) == Found.THERE) {
                boolean right = cursor.descriptor().sequence() <= sought && Feed.holdsItsSequence(cursor);
                if (cursor.intact()) {
                    assertThat(right).as("%d for %d", cursor.descriptor().sequence(), sought).isTrue();
                    whole++;
                    if (whole == ENOUGH + 1) {
                        enough.countDown();
                    }
                }
            }
        }
        return whole;
    }

    @Test
    void shouldKeepWhatItsWriterSaidOfIt() {
        try (var feed = new Feed(BUDGET).results("cam/a@1", 64)) {
            var owner = feed.owners.get("cam/a@1");
            owner.writer().claim();
            owner.writer().descriptor().sequence(7).hostTimeNs(5).deviceTime(Descriptor.CLOCK_COUNTER, 9)
                    .shape(owner.formatId(), 3, 4, 64).inline(2, 1234).addFlags(Descriptor.LATE);
            owner.writer().commit();
            feed.ingest.pass();

            var results = feed.retained("cam/a@1");
            assertThat(results.next()).isTrue();
            var kept = results.descriptor();
            assertThat(List.of(kept.sequence(), kept.hostTimeNs(), kept.deviceTime(), kept.handle(2)))
                    .containsExactly(7L, 5L, 9L, 1234L);
            assertThat(List.of(kept.width(), kept.height())).containsExactly(3, 4);
            assertThat(kept.has(Descriptor.LATE)).isTrue();
            assertThat(results.format().payloadBytes()).isEqualTo(64);
        }
    }
}
