// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import mimir.api.work.WorkClass;
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

    private void make(boolean whole, long hurryNs) throws InterruptedException {
        var log = (Logger) Proxy.newProxyInstance(Logger.class.getClassLoader(), new Class<?>[] {Logger.class},
                (proxy, method, arguments) -> method.getReturnType() == void.class
                        && logged.add(method.getName() + " " + arguments[0]) ? null : false);
        worker = (TestWorkers.TestWorker) new TestWorkers().start("pages", WorkClass.CRITICAL, false,
                new PageMaker(memory, whole, hurryNs, log));
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
}
