// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import mimir.api.BadInputException;
import mimir.api.reservoir.Reservoir;
import mimir.api.reservoir.Window;
import mimir.api.reservoir.Window.State;
import mimir.api.reservoir.Windows.Request;
import mimir.ring.Abi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Windows in time that the test makes: a frame of 60,000 B each 10 ms, some 250 of which fill the memory. */
class WindowBookTest {
    private static final long BUDGET = 16L << 20;
    private static final long MS = 1_000_000;
    private static final long STEP = 10 * MS;
    private static final long HOLD = 1_000 * MS;

    private long now = 1_000_000 * MS;

    private WindowBook book(Feed feed) {
        return new WindowBook(feed.ingest.log(), feed.pins, () -> now);
    }

    private static Feed feed() {
        return new Feed(BUDGET).source("a", Abi.ITEM_FRAME, 60_000);
    }

    private void run(Feed feed, WindowBook book, long ms) {
        for (long end = now + ms * MS; now < end;) {
            now += STEP;
            feed.take("a", now);
            book.step(now, true);
        }
    }

    private Request request(String name, long preMs, long postMs) {
        return new Request(name, "by a test", now, preMs * MS, postMs * MS, HOLD);
    }

    private static State state(WindowBook book, String name) {
        return book.find(name).orElseThrow().state();
    }

    @Test
    void shouldKeepWhatCameBeforeAndAfterUntilItsTimeIsOver() {
        try (var feed = feed()) {
            var book = book(feed);
            run(feed, book, 3_000);
            long trigger = now;
            assertThat(book.open(request("", 500, 300)).name()).isEqualTo("w1");
            run(feed, book, 300);
            assertThat(state(book, "w1")).as("late items may still come").isEqualTo(State.FILLING);
            run(feed, book, 100);
            assertThat(state(book, "w1")).isEqualTo(State.COMPLETE);
            assertThat(feed.sequences("a", trigger - 500 * MS, trigger + 300 * MS)).hasSize(80);
            var window = book.find("w1").orElseThrow();
            assertThat(window.bytes()).isEqualTo(80L * (60_032 + Records.HEADER));
            assertThat(window.untilNs()).isEqualTo(now + HOLD);
            run(feed, book, 990);
            assertThat(feed.ingest.log().edge()).isLessThan(window.fromNs());
            run(feed, book, 10);

            assertThat(state(book, "w1")).isEqualTo(State.RELEASED);
            assertThat(book.find("w1").orElseThrow().reason()).startsWith("nobody used it");
            assertThat(feed.pins.bytes()).isZero();
            assertThat(feed.ingest.refused()).isZero();
        }
    }

    @Test
    void shouldNotBeCompleteBeforeAllThatWasPublishedIsIn() {
        try (var feed = feed()) {
            var book = book(feed);
            run(feed, book, 500);
            book.open(request("late", 100, 100));
            now += 200 * MS;
            assertThat(book.anyEnded(now)).isTrue();
            book.step(now, false);
            assertThat(state(book, "late")).isEqualTo(State.FILLING);
            book.step(now, true);
            assertThat(state(book, "late")).isEqualTo(State.COMPLETE);
        }
    }

    @Test
    void shouldStayWhileSomebodyUsesItAndBeginItsTimeAnewAfterwards() {
        try (var feed = feed()) {
            var book = book(feed);
            run(feed, book, 500);
            book.open(request("mine", 100, 0));
            run(feed, book, 200);
            var use = book.use("mine");
            run(feed, book, 1_200);
            assertThat(state(book, "mine")).isEqualTo(State.COMPLETE);
            use.close();
            use.close();
            assertThat(book.find("mine").orElseThrow().untilNs()).isEqualTo(now + HOLD);

            var reading = book.use("mine");
            assertThat(book.release("mine", "exported")).isTrue();
            assertThat(feed.pins.bytes()).as("whoever reads it keeps it").isPositive();
            reading.close();
            assertThat(feed.pins.bytes()).isZero();
            assertThat(book.release("mine", "again")).isFalse();
            assertThatThrownBy(() -> book.use("mine")).isInstanceOf(BadInputException.class)
                    .hasMessage("window mine is no longer kept: exported");
            assertThatThrownBy(() -> book.use("yours")).hasMessage("there is no window 'yours'; none is kept");
        }
    }

    @Test
    void shouldRefuseWhatCannotBeKeptAndSayWhy() {
        try (var feed = feed()) {
            var book = book(feed);
            run(feed, book, 4_000);
            assertThat(book.open(request("gone", 3_500, 0)).reason()).contains("before the edge");
            assertThat(book.open(request("deep", 2_300, 0)).reason()).contains("at most three quarters");
            assertThat(book.open(request("long", 0, 3_000)).reason()).contains("would hold 17 MiB", "a shorter one");
            assertThat(feed.pins.bytes()).isZero();
            assertThat(book.open(request("one", 1_000, 0)).kept()).isTrue();
            var both = book.open(request("two", 0, 1_500));
            assertThat(both.state()).isEqualTo(State.REFUSED);
            assertThat(both.reason()).contains("release one of one");
            assertThat(book.open(request("two", 0, 500)).kept()).isTrue();
            assertThatThrownBy(() -> book.open(request("two", 0, 500))).isInstanceOf(BadInputException.class)
                    .hasMessageContaining("a window two is kept already");
            assertThatThrownBy(() -> book.open(request("../x", 0, 500))).hasMessageContaining("cannot be called");
            assertThatThrownBy(() -> book.open(request("x", 0, 0))).hasMessageContaining("some time before or after");
            assertThat(book.list()).extracting(Window::name).containsExactly("gone", "deep", "long", "one", "two",
                    "two");
        }
    }

    @Test
    void shouldRefuseAWindowThatOutgrowsTheMemoryWhileItFills() {
        try (var feed = feed().source("burst", Abi.ITEM_FRAME, 600_000)) {
            var book = book(feed);
            run(feed, book, 1_000);
            assertThat(book.open(request("w", 100, 1_000)).kept()).isTrue();
            for (int i = 0; i < 40; i++) {
                feed.take("burst", now);
                run(feed, book, 10);
            }
            assertThat(state(book, "w")).isEqualTo(State.REFUSED);
            assertThat(book.find("w").orElseThrow().reason()).startsWith("it has grown to ");
            assertThat(feed.pins.bytes()).isZero();
        }
    }

    @Test
    void shouldKeepSoManyWindowsAndForgetThoseThatEndedLongAgo() {
        try (var feed = feed()) {
            var book = book(feed);
            run(feed, book, 100);
            for (int i = 0; i < WindowBook.MOST_KEPT; i++) {
                assertThat(book.open(request("", 10, 0)).kept()).isTrue();
            }
            assertThat(book.open(request("", 10, 0)).reason()).startsWith("64 windows are kept already");
            run(feed, book, 1_300);
            assertThat(book.list()).hasSize(32).noneMatch(Window::kept);
        }
    }

    /** Windows come, overlap, are used and go at random; what is kept is what a model says, no more and no less. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldHoldExactlyWhatSomeWindowNeeds(long seed) {
        var random = new Random(seed);
        try (var feed = feed().source("b", Abi.ITEM_AUDIO, 2_048).source("c", Abi.ITEM_EVENT, 8)) {
            var book = book(feed);
            var published = new TreeMap<Long, List<String>>();
            var sequences = new HashMap<String, Long>();
            Map<String, Reservoir.Pin> uses = new HashMap<>();
            for (int i = 0; i < 3_000; i++) {
                now += STEP;
                for (var source : List.of("a", "b", "c").subList(0, 1 + random.nextInt(3))) {
                    long refused = feed.ingest.refused();
                    feed.take(source, now);
                    var item = source + sequences.merge(source, 1L, Long::sum);
                    if (feed.ingest.refused() == refused) {
                        published.computeIfAbsent(now, made -> new ArrayList<>()).add(item);
                    }
                }
                act(random, book, uses);
                book.step(now, true);
                check(feed, book, published, uses);
            }
            assertThat(book.list()).extracting(Window::state).contains(State.RELEASED);
        }
    }

    private void act(Random random, WindowBook book, Map<String, Reservoir.Pin> uses) {
        var kept = book.list().stream().filter(Window::kept).map(Window::name).toList();
        switch (random.nextInt(40)) {
            case 0, 1 -> book.open(request("", random.nextInt(600), 1 + random.nextInt(300)));
            case 2 -> kept.stream().findAny().ifPresent(name -> uses.computeIfAbsent(name, book::use));
            case 3 -> kept.stream().findFirst().ifPresent(name -> book.release(name, "by chance"));
            case 4, 5 -> uses.keySet().stream().findAny().ifPresent(name -> uses.remove(name).close());
            default -> { }
        }
        if (kept.size() > 3) {
            book.release(kept.getFirst(), "too many");
        }
        uses.entrySet().removeIf(use -> {
            boolean old = book.find(use.getKey()).map(window -> now - window.triggerNs() > HOLD).orElse(true);
            if (old) {
                use.getValue().close();
            }
            return old;
        });
    }

    private void check(Feed feed, WindowBook book, TreeMap<Long, List<String>> published,
            Map<String, Reservoir.Pin> uses) {
        long earliest = Long.MAX_VALUE;
        for (var window : book.list()) {
            if (window.kept() || uses.containsKey(window.name())) {
                earliest = Math.min(earliest, window.fromNs());
                var items = published.subMap(window.fromNs(), window.toNs()).values().stream()
                        .flatMap(List::stream).sorted().toList();
                var there = new ArrayList<String>();
                for (var source : List.of("a", "b", "c")) {
                    feed.sequences(source, window.fromNs(), window.toNs()).forEach(at -> there.add(source + (at + 1)));
                }
                assertThat(there.stream().sorted().toList()).as(window.toString()).isEqualTo(items);
            }
        }
        var log = feed.ingest.log();
        long held = earliest == Long.MAX_VALUE ? 0 : log.bytesFrom(log.search(earliest));
        assertThat(feed.pins.bytes()).isEqualTo(held);
        assertThat(feed.pins.bytes()).isLessThanOrEqualTo(log.capacityBytes());
    }
}
