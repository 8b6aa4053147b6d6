// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import mimir.api.work.WorkClass;
import mimir.ring.Abi;
import mimir.ring.RingFormat;
import mimir.ring.RingOwner;
import mimir.ring.RingSpec;
import mimir.ring.RingStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.service.log.Logger;

/** Steps of 16 MiB each, and a hurry that is over at once or never. */
@Timeout(60)
class PageMakerTest {
    private static final long BUDGET = 96L << 20;
    private static final long ENOUGH = 20L << 20;

    private final ReservoirLog memory = new ReservoirLog(BUDGET, ENOUGH, (entry, source, bytes, home) -> {
    });
    private final List<String> logged = new CopyOnWriteArrayList<>();
    private TestWorkers.TestWorker worker;

    private final Logger log = (Logger) Proxy.newProxyInstance(Logger.class.getClassLoader(),
            new Class<?>[] {Logger.class}, (proxy, method, arguments) -> method.getReturnType() == void.class
                    && logged.add(method.getName() + " " + arguments[0]) ? null : false);
    private final RingPages rings = new RingPages(true, log);

    private void make(boolean whole, long hurryNs) throws InterruptedException {
        run(new PageMaker(memory, rings, whole, hurryNs, log));
    }

    private void run(PageMaker maker) throws InterruptedException {
        worker = (TestWorkers.TestWorker) new TestWorkers().start("pages", WorkClass.CRITICAL, false, maker);
        assertThat(worker.thread.join(Duration.ofSeconds(30))).as("it ends by itself").isTrue();
        assertThat(worker.failure).isNull();
    }

    @AfterEach
    void close() {
        assertThat(memory.close(Duration.ofSeconds(2))).isTrue();
    }

    @Test
    void shouldKeepToWhatCameInTheHurryWhenNobodyAskedForMore() throws InterruptedException {
        make(false, 0);

        assertThat(memory.capacityBytes()).as("of use, and no step more")
                .isBetween(ENOUGH, ENOUGH + (16L << 20));
        assertThat(logged).singleElement().asString().startsWith("info the reservoir keeps to the {} MiB");
    }

    @Test
    void shouldMakeAllThatWasAskedForThoughTheHurryIsOver() throws InterruptedException {
        make(true, 0);

        assertThat(memory.presentOf(BUDGET)).isEqualTo(BUDGET);
        assertThat(worker.pausedNs).as("it rests between steps").isPositive();
        assertThat(logged).isEmpty();
    }

    @Test
    void shouldMakeAllThatComesInTime() throws InterruptedException {
        make(false, Long.MAX_VALUE);

        assertThat(memory.presentOf(BUDGET)).isEqualTo(BUDGET);
        assertThat(logged).isEmpty();
    }

    @Test
    void shouldMakeTheRingsAsWellInTurnsWithTheLog() throws InterruptedException {
        try (var store = RingStore.unseen(Feed.inPlace("one", "two"));
                var one = open(store, "one"); var two = open(store, "two"); var plain = open(store, "plain")) {
            for (var ring : List.of(one, two, plain)) {
                assertThat(rings.add(ring.ring())).as("somebody works on it").isFalse();
            }
            assertThat(one.ring().present()).isLessThan(0.5);
            assertThat(plain.ring().present()).isEqualTo(1);
            var steps = 0;
            while (rings.step(2L << 20)) {
                steps++;
                assertThat(one.ring().present()).as("neither waits for the other").isCloseTo(two.ring().present(),
                        within(0.2));
            }
            assertThat(steps).isGreaterThan(4);
            assertThat(one.ring().present() + two.ring().present()).isEqualTo(2);

            make(false, 0);
            assertThat(rings.ends()).isTrue();
            assertThat(logged).singleElement().asString().startsWith("info the reservoir keeps to the {} MiB");
        }
    }

    @Test
    void shouldBeginAgainForARingThatComesLater() throws InterruptedException {
        var maker = new PageMaker(memory, rings, false, 0, log);
        run(maker);
        long before = memory.capacityBytes();
        try (var store = RingStore.unseen(Feed.inPlace("late")); var late = open(store, "late")) {
            assertThat(rings.add(late.ring())).as("nobody works on it").isTrue();
            assertThat(rings.add(late.ring())).as("now somebody does").isFalse();
            run(maker);
            assertThat(late.ring().present()).isEqualTo(1);
            assertThat(rings.add(late.ring())).as("nothing is missing").isFalse();
        }
        assertThat(memory.capacityBytes()).as("the log keeps to what it has").isEqualTo(before);
        assertThat(logged).hasSize(1);
    }

    /** A thousand frames of 16 KiB if it is deep. */
    private static RingOwner open(RingStore store, String id) {
        var format = new RingFormat(1, 0, 128, 128, 60, 1, List.of(0L), List.of(128), 1 << 14, 0);
        return store.open(new RingSpec(id, Abi.ITEM_FRAME, 60, 1 << 14, format, RingSpec.Writer.JAVA), "test");
    }
}
