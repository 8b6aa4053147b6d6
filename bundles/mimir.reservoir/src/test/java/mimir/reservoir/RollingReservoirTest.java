// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import mimir.api.BadInputException;
import mimir.api.reservoir.ReservoirCursor;
import mimir.api.reservoir.ReservoirStats;
import mimir.api.reservoir.Windows;
import mimir.api.source.Source;
import mimir.ring.Abi;
import mimir.ring.HostClock;
import mimir.ring.Ring;
import mimir.ring.RingFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.service.log.Logger;

/** The service as its users see it, with its own threads. */
@Timeout(60)
class RollingReservoirTest {
    private static final long BUDGET = 32L << 20;
    private static final long SECONDS = 1_000_000_000L;

    private final TestWorkers workers = new TestWorkers();
    private final List<String> logged = new CopyOnWriteArrayList<>();

    private RollingReservoir reservoir(long budget) {
        var log = (Logger) Proxy.newProxyInstance(Logger.class.getClassLoader(), new Class<?>[] {Logger.class},
                (proxy, method, arguments) -> method.getName().equals("debug") ? null
                        : logged.add(method.getName() + " " + arguments[0]));
        var reservoir = new RollingReservoir(new Budget(budget), workers, log);
        reservoir.begin();
        return reservoir;
    }

    /** Publishes into rings of its own; only the reservoir under test reads them. */
    private static Feed feed(RollingReservoir reservoir) {
        var feed = new Feed(16L << 20);
        for (var id : List.of("camera", "audio")) {
            feed.source(id, id.equals("camera") ? Abi.ITEM_FRAME : Abi.ITEM_AUDIO, id.equals("camera") ? 60_000 : 2048);
            reservoir.addSource(new TestSource(feed.owners.get(id).ring()));
        }
        return feed;
    }

    @Test
    void shouldHoldWhatWasPublishedBeforeADrainWarmOrNot() {
        var reservoir = reservoir(BUDGET);
        try (var feed = feed(reservoir)) {
            long before = HostClock.nowNs();
            for (int i = 0; i < 50; i++) {
                feed.publish("camera", HostClock.nowNs()).publish("audio", HostClock.nowNs());
            }
            assertThat(reservoir.drain(0)).as("no time to wait").isFalse();
            assertThat(reservoir.drain(20 * SECONDS)).isTrue();

            var stats = reservoir.stats();
            assertThat(stats.sources()).containsExactly(new ReservoirStats.PerSource("audio", 50, 50 * 2048, 1),
                    new ReservoirStats.PerSource("camera", 50, 50 * 60_000, 1));
            assertThat(stats.edgeNs()).isBetween(before, stats.newestNs());
            assertThat(stats.usedBytes()).isBetween(50L * 62_048, 50L * 63_000);
            assertThat(reservoir.sources()).containsExactly("audio", "camera");
            var cursor = reservoir.open("audio", Long.MIN_VALUE, Long.MAX_VALUE);
            assertThat(cursor.next()).isTrue();
            assertThatThrownBy(() -> reservoir.open("nobody", 0, 1)).isInstanceOf(BadInputException.class)
                    .hasMessageContaining("'nobody'").hasMessageContaining("audio, camera");

            reservoir.close();
            assertThat(workers.started.values()).noneMatch(worker -> worker.thread.isAlive() || worker.failure != null);
            assertThat(logged).isEmpty();
        }
    }

    /** A source that is bound at that moment: pages are made in memory that is given back already. */
    @Test
    void shouldMakeNoPagesOnceItHasClosed() {
        var reservoir = reservoir(BUDGET);
        reservoir.close();
        workers.started.clear();
        try (var feed = new Feed(16L << 20, Feed.inPlace("late")).source("late", Abi.ITEM_FRAME, 16_384)) {
            var ring = feed.owners.get("late").ring();
            assertThat(ring.present()).as("lacks pages").isLessThan(1);
            reservoir.addSource(new TestSource(ring));
            assertThat(workers.started).isEmpty();
        }
    }

    @Test
    void shouldSayThatWindowsGoWithIt() {
        var reservoir = reservoir(BUDGET);
        try (var feed = feed(reservoir)) {
            feed.publish("camera", HostClock.nowNs());
            assertThat(reservoir.drain(20 * SECONDS)).isTrue();
            reservoir.open(new Windows.Request("gone", "test", HostClock.nowNs(), 0, 1, SECONDS));
            reservoir.release("gone", "test");
            reservoir.open(new Windows.Request("mine", "test", HostClock.nowNs(), 0, 1, SECONDS));
            reservoir.open(new Windows.Request("yours", "test", HostClock.nowNs(), 0, 1, SECONDS));
            reservoir.close();
        }
        assertThat(logged).containsExactly("warn the reservoir stops, and with it go the windows {}; what rings keep in"
                + " place is found again when it starts: open them anew then");
    }

    /** Who waits for pages waits as long as their maker is kept from a processor. */
    @Test
    void shouldMakePagesInTheClassOfTheOneWhoWaitsForThem() {
        reservoir(BUDGET).close();
        assertThat(workers.classes.get("reservoir-pages")).isEqualTo(workers.classes.get("reservoir"));
    }

    /** A page maker that rests goes on for long after the rig has warmed up, and takes its part of a core so long. */
    @Test
    void shouldRestForASmallPartOfTheTimeThatItsPagesTake() throws InterruptedException {
        workers.hold("reservoir-pages");
        var reservoir = reservoir(8 * BUDGET);
        try {
            var maker = workers.started.get("reservoir-pages");
            assertThat(reservoir.stats().presentBytes()).isBetween(1L, 8 * BUDGET - 1);
            long began = System.nanoTime();
            maker.thread.start();
            assertThat(maker.thread.join(Duration.ofSeconds(30))).as("it ends by itself").isTrue();
            assertThat(reservoir.stats().presentBytes()).isEqualTo(8 * BUDGET);
            assertThat(maker.pauses).as("the others have their turn").isPositive();
            assertThat(maker.pausedNs).isLessThan((System.nanoTime() - began) / 10);
        } finally {
            reservoir.close();
        }
    }

    @Test
    void shouldTakeItemsInWhileItsWarmUpIsHeldUp() throws InterruptedException {
        Warmup.DONE.set(false);
        workers.hold("reservoir-warm-up");
        var reservoir = reservoir(BUDGET);
        try (var feed = feed(reservoir)) {
            feed.publish("camera", HostClock.nowNs()).publish("audio", HostClock.nowNs());
            assertThat(reservoir.drain(20 * SECONDS)).isTrue();

            var warmup = workers.started.get("reservoir-warm-up");
            warmup.thread.start();
            assertThat(warmup.thread.join(Duration.ofSeconds(30))).as("it ends by itself").isTrue();
            assertThat(warmup.failure).isNull();
            assertThat(Warmup.DONE).as("no other reservoir needs one").isTrue();
            assertThat(reservoir.sources()).as("its items are its own").containsExactly("audio", "camera");
            assertThat(logged).isEmpty();
        } finally {
            reservoir.close();
        }
    }

    @Test
    void shouldKeepResultsBesideTheSources() {
        var reservoir = reservoir(BUDGET);
        try (var feed = feed(reservoir)) {
            assertThat(reservoir.open("camera/a@1")).as("never kept").isNull();
            feed.results("camera/a@1", 64);
            var ring = feed.owners.get("camera/a@1").ring();
            assertThat(reservoir.keep(ring)).isTrue();
            feed.publish("camera", HostClock.nowNs()).publish("camera/a@1", HostClock.nowNs());
            assertThat(reservoir.drain(20 * SECONDS)).isTrue();

            assertThat(reservoir.stats().results())
                    .containsExactly(new ReservoirStats.PerSource("camera/a@1", 1, 64, 1));
            assertThat(reservoir.sources()).containsExactly("audio", "camera");
            assertThat(reservoir.open("camera/a@1").next()).isTrue();
            assertThat(reservoir.open("camera")).as("a source").isNull();
            assertThatThrownBy(() -> reservoir.open("camera/a@1", 0, 1)).isInstanceOf(BadInputException.class);
            feed.owners.get("camera/a@1").close();
            reservoir.letGo(ring);
            feed.ingest.letGo(ring); // the one that does nothing else here
            feed.ingest.pass();
            assertThat(reservoir.drain(20 * SECONDS)).as("one that is let go of is not waited for").isTrue();
            while (!feed.store.free("camera/a@1")) {
                Thread.onSpinWait();
            }
            assertThat(reservoir.open("camera/a@1").next()).as("its items stay").isTrue();
        } finally {
            reservoir.close();
        }
    }

    @Test
    void shouldStopUnderLoadWhileSomebodyReads() throws Exception {
        for (int round = 0; round < 3; round++) {
            var reservoir = reservoir(BUDGET);
            try (var feed = feed(reservoir); var threads = Executors.newFixedThreadPool(2)) {
                var done = new AtomicBoolean();
                var feeding = threads.submit(() -> {
                    while (!done.get()) {
                        feed.publish("camera", HostClock.nowNs()).publish("audio", HostClock.nowNs());
                    }
                });
                assertThat(reservoir.drain(20 * SECONDS)).isTrue();
                var cursor = reservoir.open("camera", Long.MIN_VALUE, Long.MAX_VALUE);
                var reading = threads.submit((Callable<String>) () -> readUntilItStops(cursor));
                reservoir.close();
                reservoir.addSource(new TestSource(feed.owners.get("camera").ring()));
                done.set(true);
                feeding.get();
                assertThat(reading.get()).isNotBlank();
                assertThatThrownBy(reservoir::stats).isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("has stopped");
            }
        }
        assertThat(logged).isEmpty();
    }

    private static String readUntilItStops(ReservoirCursor cursor) {
        try {
            while (true) {
                if (cursor.next()) {
                    boolean right = Feed.holdsItsSequence(cursor);
                    assertThat(!cursor.intact() || right).isTrue();
                }
            }
        } catch (IllegalStateException stopped) {
            return stopped.getMessage();
        }
    }

    @Test
    void shouldSayInOneSentenceWhichBudgetsAreImpossible() {
        assertThatThrownBy(() -> reservoir(5)).isInstanceOf(BadInputException.class)
                .hasMessageMatching("budget.bytes of the reservoir is 5, but must lie between 16777216 .*");
        assertThatThrownBy(() -> reservoir(1L << 60)).isInstanceOf(BadInputException.class);
        assertThat(workers.started).as("no thread of a reservoir that cannot be").isEmpty();
        assertThat(Settings.of(new Budget(0)).budgetBytes()).isBetween(16L << 20, 8L << 30);
    }

    @Test
    void shouldDeliverEveryItemOnceOverManyTurns() {
        var reservoir = reservoir(BUDGET);
        try (var feed = feed(reservoir)) {
            assertThat(reservoir.drain(20 * SECONDS)).isTrue();
            for (int i = 0; i < 6_000; i++) {
                feed.publish("audio", HostClock.nowNs());
                if (i % 10 == 0) {
                    feed.publish("camera", HostClock.nowNs());
                }
                if (i % 400 == 0) {
                    assertThat(reservoir.drain(20 * SECONDS)).isTrue();
                }
            }
            assertThat(reservoir.drain(20 * SECONDS)).isTrue();
            var reader = feed.owners.get("audio").ring().stats().readers().stream()
                    .filter(each -> each.bytesCopied() > 0).findFirst().orElseThrow();
            assertThat(reader.name()).isEqualTo("reservoir");
            assertThat(reader.conserved()).isTrue();
            assertThat(reader.delivered()).isEqualTo(6_000);
            assertThat(reader.checksumErrors()).isZero();
            assertThat(reader.copiedPerDelivered()).isEqualTo(1.0);
            assertThat(reservoir.stats().evicted()).isPositive();
            assertThat(reservoir.stats().depthS()).isPositive();
        } finally {
            reservoir.close();
        }
    }

    /** A configuration as Config Admin would give it. Immutable. */
    private record Budget(long budget_bytes) implements Settings.Config {
        @Override
        public Class<? extends Annotation> annotationType() {
            return Settings.Config.class;
        }
    }

    /** Immutable. */
    private record TestSource(Ring ring) implements Source {
        @Override
        public String id() {
            return ring.identity();
        }

        @Override
        public String device() {
            return "test";
        }

        @Override
        public String driver() {
            return "test";
        }

        @Override
        public RingFormat format() {
            return ring.format(1);
        }
    }
}
