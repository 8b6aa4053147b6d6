// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import mimir.ring.Abi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class LogCursorTest {
    private static final long BUDGET = 16L << 20;
    private static final long LATE_NS = 4_000; // of one source: then the order of arrival decides

    @Test
    void shouldShowItemsInPlaceAndReadOnly() {
        try (var feed = new Feed(BUDGET).source("a", Abi.ITEM_FRAME, 4096)) {
            var cursor = feed.take("a", 1).cursor("a", 0, 10);
            assertThat(cursor.next()).isTrue();

            var memory = feed.ingest.log().memory();
            long address = cursor.memory().address() + cursor.offset();
            assertThat(address).isBetween(memory.address(), memory.address() + memory.byteSize() - 4096);
            assertThat(address % 64).isZero();
            assertThat(cursor.memory().isReadOnly()).isTrue();
            assertThat(cursor.length()).isEqualTo(4096);
            assertThat(cursor.canonicalNs()).isEqualTo(1);
            assertThat(Feed.holdsItsSequence(cursor) && cursor.intact()).isTrue();
            assertThat(cursor.next()).isFalse();
        }
    }

    @Test
    void shouldKeepToItsWindowAndGoOnWhereItStopped() {
        try (var feed = new Feed(BUDGET).source("a", Abi.ITEM_FRAME, 64).source("b", Abi.ITEM_AUDIO, 64)) {
            for (int i = 0; i < 50; i++) {
                feed.take("a", 10 * i).take("b", 10 * i);
            }
            assertThat(feed.sequences("a", 100, 130)).containsExactly(10L, 11L, 12L);
            assertThat(feed.sequences("b", 101, 111)).containsExactly(11L);
            assertThat(feed.sequences("b", 600, 700)).isEmpty();

            var live = feed.cursor("b", 480, Long.MAX_VALUE);
            assertThat(live.next() && live.next()).isTrue();
            assertThat(live.next()).isFalse();
            feed.take("a", 500).take("b", 501);
            assertThat(live.next()).isTrue();
            assertThat(live.descriptor().sequence()).isEqualTo(50);
            assertThat(live.overtaken()).isZero();
        }
    }

    @Test
    void shouldShowAnItemThatCameLaterThanOthersOfItsTime() {
        try (var feed = new Feed(BUDGET).source("a", Abi.ITEM_FRAME, 64).source("b", Abi.ITEM_AUDIO, 64)) {
            feed.take("a", 100).take("b", 200).take("a", 150).take("a", 300);
            assertThat(feed.sequences("a", 120, 160)).containsExactly(1L);
            assertThat(feed.sequences("a", 0, 400)).containsExactly(0L, 1L, 2L);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldFindTheNearestItemOfASourceHoweverRareItIs(long seed) {
        var random = new Random(seed);
        var times = new TreeMap<String, List<Long>>();
        try (var feed = new Feed(1 << 20)) {
            for (var id : List.of("often", "seldom", "rare")) {
                feed.source(id, Abi.ITEM_AUDIO, 64);
                times.put(id, new ArrayList<>());
            }
            for (int i = 0; i < 4_000; i++) {
                var id = i % 700 == 0 ? "rare" : random.nextInt(50) == 0 ? "seldom" : "often";
                long time = 1_000L * i - random.nextInt(4_000);
                feed.take(id, time);
                times.get(id).add(time);
                if (i % 50 == 0) {
                    assertFindsNearest(feed, times, random.nextLong(-5_000, 1_000L * i + 5_000));
                }
            }
            assertThat(feed.ingest.log().first()).as("something went").isPositive();
        }
    }

    private static void assertFindsNearest(Feed feed, Map<String, List<Long>> times, long ns) {
        long edge = feed.ingest.log().edge();
        times.forEach((id, all) -> {
            int evicted = (int) feed.ingest.track(id).evicted();
            var there = all.subList(evicted, all.size()).stream().filter(time -> time >= edge).toList();
            var cursor = feed.cursor(id, Long.MIN_VALUE, Long.MAX_VALUE);
            assertThat(cursor.nearest(ns)).isEqualTo(!there.isEmpty());
            if (!there.isEmpty()) {
                long best = there.stream().mapToLong(time -> Math.abs(time - ns)).min().orElseThrow();
                assertThat(Math.abs(cursor.canonicalNs() - ns)).as(id).isBetween(best, best + LATE_NS);
                assertThat(cursor.descriptor().hostTimeNs()).isEqualTo(cursor.canonicalNs());
                int at = all.indexOf(cursor.canonicalNs());
                assertThat(cursor.next()).isEqualTo(at < all.size() - 1);
                assertThat(cursor.overtaken()).isZero();
            }
        });
    }

    @Test
    void shouldShowAnEventAsARingDoes() {
        try (var feed = new Feed(BUDGET).source("e", Abi.ITEM_EVENT, 48)) {
            var writer = feed.owners.get("e").writer();
            writer.claimInline();
            writer.descriptor().hostTimeNs(5).shape(1, 1, 1, 16).inline(0, 77).inline(1, 88);
            writer.commit();
            feed.ingest.pass();
            var cursor = feed.cursor("e", 0, 10);
            assertThat(cursor.next()).isTrue();

            assertThat(cursor.length()).isEqualTo(16);
            assertThat(cursor.memory().get(ValueLayout.JAVA_LONG, cursor.offset())).isEqualTo(77);
            assertThat(cursor.memory().get(ValueLayout.JAVA_LONG, cursor.offset() + 8)).isEqualTo(88);
            assertThat(cursor.descriptor().inline(1)).isEqualTo(88);
        }
    }

    @Test
    void shouldCountExactlyWhatTheEdgeOvertook() {
        try (var feed = new Feed(BUDGET).source("a", Abi.ITEM_FRAME, 60_000).source("b", Abi.ITEM_AUDIO, 64)) {
            for (int i = 0; i < 100; i++) {
                feed.take("a", i).take("b", i);
            }
            var all = feed.cursor("a", 0, Long.MAX_VALUE);
            var closed = feed.cursor("a", 10, 60);
            var unread = feed.cursor("a", 10, 60);
            int seen = 0;
            for (; seen < 20; seen++) {
                assertThat(all.next() && closed.next()).isTrue();
            }
            for (int i = 100; i < 2_000; i++) {
                feed.take("a", i).take("b", i);
            }
            while (all.next()) {
                seen++;
            }
            assertThat(seen + all.overtaken()).isEqualTo(2_000);
            assertThat(closed.next()).isFalse();
            assertThat(closed.overtaken()).isEqualTo(30);
            assertThat(unread.next()).isFalse();
            assertThat(unread.overtaken()).isEqualTo(50);
        }
    }

    @Test
    void shouldNeverShowBytesThatTheEdgeHasOvertaken() throws Exception {
        try (var feed = new Feed(BUDGET).source("a", Abi.ITEM_FRAME, 30_000).source("b", Abi.ITEM_AUDIO, 500);
                var threads = Executors.newSingleThreadExecutor()) {
            feed.take("a", 0).take("b", 0);
            var done = new AtomicBoolean();
            var reading = threads.submit(() -> read(feed, done));
            long until = System.nanoTime() + Duration.ofSeconds(2).toNanos();
            for (int i = 1; System.nanoTime() < until; i++) {
                feed.take("a", i).take("b", i);
            }
            done.set(true);
            assertThat(reading.get()).isPositive();
        }
    }

    /** One source sends in each tick, another in every hundredth: what is nearest is known. */
    @Test
    void shouldFindWhatIsNearestWhileTheEdgePasses() throws Exception {
        try (var feed = new Feed(1 << 20).source("a", Abi.ITEM_FRAME, 64).source("rare", Abi.ITEM_AUDIO, 500);
                var threads = Executors.newSingleThreadExecutor()) {
            feed.take("a", 0).take("rare", 0);
            var done = new AtomicBoolean();
            var reading = threads.submit(() -> lookUp(feed, done));
            long until = System.nanoTime() + Duration.ofSeconds(1).toNanos();
            for (int i = 1; System.nanoTime() < until; i++) {
                feed.take("a", i);
                if (i % 100 == 0) {
                    feed.take("rare", i);
                }
            }
            done.set(true);
            assertThat(reading.get()).isPositive();
        }
    }

    private static long lookUp(Feed feed, AtomicBoolean done) {
        var random = new Random(1);
        var log = feed.ingest.log();
        long found = 0;
        while (!done.get()) {
            boolean rare = random.nextBoolean();
            var cursor = feed.cursor(rare ? "rare" : "a", Long.MIN_VALUE, Long.MAX_VALUE);
            long newest = log.index.key(log.end() - 1);
            long ns = newest - random.nextLong(2_000);
            boolean there = cursor.nearest(ns);
            if (ns > 0 && log.edge() < ns - 200) { // both neighbours were there all the time
                long most = newest - ns < 100 && rare ? 100 : rare ? 50 : 0; // the next rare one may not have come
                assertThat(there).isTrue();
                assertThat(Math.abs(cursor.canonicalNs() - ns)).isLessThanOrEqualTo(most);
                assertThat(!Feed.holdsItsSequence(cursor) && cursor.intact()).isFalse();
                found++;
            }
        }
        return found;
    }

    private static long read(Feed feed, AtomicBoolean done) {
        long intact = 0;
        while (!done.get()) {
            var cursor = feed.cursor(intact % 2 == 0 ? "a" : "b", Long.MIN_VALUE, Long.MAX_VALUE);
            long before = -1;
            while (cursor.next() && !done.get()) {
                boolean right = Feed.holdsItsSequence(cursor);
                long sequence = cursor.descriptor().sequence();
                assertThat(sequence).isGreaterThan(before);
                assertThat(!cursor.intact() || right).as("bytes of another item although it is intact").isTrue();
                before = sequence;
                intact++;
            }
        }
        return intact;
    }

    @Test
    void shouldAllocateNothingPerItem() {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (var feed = new Feed(BUDGET).source("a", Abi.ITEM_AUDIO, 64)) {
            for (int i = 0; i < 15_000; i++) {
                feed.take("a", i);
            }
            var first = feed.cursor("a", 0, Long.MAX_VALUE);
            for (int turn = 0; turn < 5; turn++) {
                walk(feed.cursor("a", 0, Long.MAX_VALUE));
            }
            long before = threads.getCurrentThreadAllocatedBytes();
            walk(first);
            assertThat((threads.getCurrentThreadAllocatedBytes() - before) / 15_000.0).isLessThanOrEqualTo(0.5);
        }
    }

    private static void walk(LogCursor cursor) {
        int items = 0;
        while (cursor.next() && cursor.intact()) {
            items++;
        }
        assertThat(items).isEqualTo(15_000);
    }

    @Test
    void shouldSayThatTheReservoirHasStopped() {
        var feed = new Feed(BUDGET).source("a", Abi.ITEM_FRAME, 64);
        var cursor = feed.take("a", 1).take("a", 2).cursor("a", 0, 10);
        assertThat(cursor.next()).isTrue();
        feed.close();

        Callable<Boolean> next = cursor::next;
        assertThatThrownBy(next::call).isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the reservoir has stopped");
        assertThatThrownBy(() -> Feed.holdsItsSequence(cursor)).isInstanceOf(IllegalStateException.class);
    }
}
