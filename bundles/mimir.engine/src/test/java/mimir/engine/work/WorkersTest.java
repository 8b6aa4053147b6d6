// SPDX-License-Identifier: Apache-2.0
package mimir.engine.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import mimir.api.work.ThreadStats;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkersTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final long MINUTE_NS = 60_000_000_000L;

    private final Recorder told = new Recorder();
    private final Threads threads = new Threads(told.log(), new LinuxPolicy());
    private final BundleWorkers workers = new BundleWorkers("some.bundle", threads);

    @AfterEach
    void close() {
        threads.close();
    }

    @Test
    void shouldKeepTheAccountOfAWorker() {
        var worker = workers.start("reader", WorkClass.LOW, true, self -> {
            self.count(2);
            self.count(3);
            rest(self);
        });

        Recorder.await("five items", () -> workers.threads().size() == 1 && stats().items() == 5);
        var stats = stats();
        assertThat(stats).extracting(ThreadStats::name, ThreadStats::workClass, ThreadStats::media,
                ThreadStats::policyAsked, ThreadStats::policyGranted, ThreadStats::nativeThread, ThreadStats::stuck)
                .containsExactly("reader", WorkClass.LOW, true, "OTHER nice 5", "OTHER nice 5", false, false);
        assertThat(stats.cpuNs()).isPositive();
        assertThat(stats.minorFaults()).isNotNegative();
        assertThat(worker.stop(LONG)).isTrue();
        assertThat(workers.threads()).isEmpty();
    }

    @Test
    void shouldNameTheThreadForTheSystem() throws IOException {
        workers.start("reservoir", WorkClass.NORMAL, false, WorkersTest::rest);

        Recorder.await("the account", () -> workers.threads().size() == 1);
        var comm = Path.of("/proc/self/task/" + stats().tid() + "/comm");
        assertThat(Files.readString(comm)).isEqualTo("mimir-reservoir\n");
    }

    @Test
    void shouldNeverLoseAWakeThatComesBeforeThePause() {
        var rounds = new AtomicInteger();
        var turn = new AtomicInteger();
        var worker = workers.start("sleeper", WorkClass.NORMAL, false, self -> {
            while (!self.stopping()) {
                if (turn.get() == rounds.get()) {
                    LockSupport.parkNanos(1); // somebody else's park, which may eat the permit of a wake
                    self.pause(MINUTE_NS);
                } else {
                    rounds.incrementAndGet();
                }
            }
        });

        for (int i = 1; i <= 20_000; i++) {
            int round = i;
            turn.set(round);
            worker.wake();
            if (i % 3 == 0) {
                Recorder.await("wake " + i, () -> rounds.get() == round);
            }
        }
        Recorder.await("the last wake", () -> rounds.get() == 20_000);
        assertThat(worker.stop(LONG)).isTrue();
    }

    @Test
    void shouldAllocateNothingInPauseAndCount() {
        var beans = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        var allocated = new AtomicLong(-1);
        workers.start("media", WorkClass.CRITICAL, true, self -> {
            work(self, 20_000);
            long before = beans.getCurrentThreadAllocatedBytes();
            work(self, 100_000);
            allocated.set(beans.getCurrentThreadAllocatedBytes() - before);
        });

        Recorder.await("1e5 items", () -> allocated.get() >= 0);
        assertThat(allocated.get()).isLessThan(1000); // the measurement itself, of 1e5 items
    }

    @Test
    void shouldSleepEvenWhenStoppingOrInterrupted() throws InterruptedException {
        var tookNs = new AtomicLong();
        var done = new CountDownLatch(1);
        var worker = workers.start("stubborn", WorkClass.NORMAL, false, self -> {
            Thread.currentThread().interrupt();
            self.pause(MINUTE_NS);
            long start = System.nanoTime();
            for (int i = 0; i < 20; i++) {
                self.pause(MINUTE_NS);
            }
            tookNs.set(System.nanoTime() - start);
            done.countDown();
        });

        done.await();
        assertThat(worker.stopping()).isTrue();
        assertThat(tookNs.get()).isGreaterThan(15_000_000).isLessThan(LONG.toNanos());
    }

    @Test
    void shouldListAWorkerThatDoesNotStopAsStuck() {
        var release = new CountDownLatch(1);
        var worker = workers.start("deaf", WorkClass.NORMAL, false, self -> release.await());
        Recorder.await("its thread", () -> !workers.threads().isEmpty());

        assertThat(worker.stop(Duration.ofMillis(20))).isFalse();
        assertThat(stats().stuck()).isTrue();
        release.countDown();
        assertThat(worker.stop(LONG)).isTrue();
        assertThat(workers.threads()).isEmpty();
    }

    @Test
    void shouldTellAFailureInOneLineWithTheName() {
        workers.start("frail", WorkClass.NORMAL, false, self -> {
            throw new IllegalStateException("no disk");
        });

        Recorder.await("the line", () -> !told.lines().isEmpty());
        assertThat(told.lines()).containsExactly(
                "error: worker frail ended with a failure: java.lang.IllegalStateException: no disk");
    }

    @Test
    void shouldStopAndNameWhatABundleLeavesRunning() {
        workers.start("left", WorkClass.NORMAL, false, WorkersTest::rest);
        var other = new BundleWorkers("another.bundle", threads);
        var kept = other.start("kept", WorkClass.NORMAL, false, WorkersTest::rest);
        workers.adopt("native", new LinuxPolicy().currentThreadId(), WorkClass.NORMAL, () -> 7);
        var release = new CountDownLatch(1);
        var deaf = workers.start("deaf", WorkClass.NORMAL, false, self -> release.await());

        Recorder.await("all accounts", () -> workers.threads().size() == 4);
        assertThat(deaf.stop(Duration.ZERO)).isFalse(); // of which its owner knows already
        workers.close();

        assertThat(workers.threads()).extracting(ThreadStats::name).containsExactly("deaf", "kept");
        release.countDown();
        assertThat(told.lines()).containsExactly(
                "warn: worker left of some.bundle was left running (its bundle is gone) and has been stopped");
        assertThatThrownBy(() -> workers.start("late", WorkClass.NORMAL, false, WorkersTest::rest))
                .hasMessage("bundle some.bundle is gone and can start no worker late");
        assertThat(kept.stop(LONG)).isTrue();
    }

    @Test
    void shouldEndEveryThreadOverFiftySwaps() {
        swaps(50);

        assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("mimir-swapped-"));
    }

    @Test
    void shouldTellARefusalOnceAndReportWhatWasGranted() {
        var unprivileged = new Threads(told.log(), new Unprivileged());
        var some = new BundleWorkers("some.bundle", unprivileged);
        var first = some.start("first", WorkClass.CRITICAL, true, WorkersTest::rest);
        var second = some.start("second", WorkClass.CRITICAL, true, WorkersTest::rest);

        Recorder.await("both accounts", () -> some.threads().size() == 2);
        assertThat(some.threads()).extracting(ThreadStats::policyAsked).containsOnly("FIFO 45");
        assertThat(some.threads()).extracting(ThreadStats::policyGranted).containsOnly("OTHER nice 0");
        assertThat(told.lines()).hasSize(1).first().asString()
                .matches("warn: thread \\w+ of class CRITICAL runs as OTHER nice 0: not permitted; ask for it");
        assertThat(first.stop(LONG) && second.stop(LONG)).isTrue();
    }

    private void swaps(int count) {
        for (int i = 0; i < count; i++) {
            var bundle = new BundleWorkers("swapped", threads);
            for (var name : new String[] {"a", "b", "c"}) {
                bundle.start("swapped-" + name, WorkClass.LOW, true, WorkersTest::rest);
            }
            bundle.close();
        }
        assertThat(workers.threads()).isEmpty();
    }

    private ThreadStats stats() {
        return workers.threads().getFirst();
    }

    private static void rest(Worker self) {
        while (!self.stopping()) {
            self.pause(MINUTE_NS);
        }
    }

    private static void work(Worker self, int items) {
        for (int i = 0; i < items; i++) {
            if (i % 2 == 0) {
                self.wake();
            }
            self.pause(1);
            self.count(1);
        }
    }

    /** A system that grants nothing. */
    private static final class Unprivileged implements ThreadPolicy {
        @Override
        public long currentThreadId() {
            return new LinuxPolicy().currentThreadId();
        }

        @Override
        public Request apply(long tid, WorkClass workClass, boolean nativeThread) {
            return new Request("FIFO 45", "not permitted; ask for it");
        }

        @Override
        public String granted(long tid) {
            return "OTHER nice 0";
        }

        @Override
        public boolean precise() {
            return false;
        }

        @Override
        public void provide() {
        }
    }
}
