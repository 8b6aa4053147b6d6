// SPDX-License-Identifier: Apache-2.0
package mimir.engine.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import mimir.api.work.Pools.Job;
import mimir.api.work.Strand;
import mimir.api.work.StrandStats;
import mimir.api.work.ThreadStats;
import mimir.api.work.WorkClass;
import mimir.ring.HostClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class PoolsTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final long BUDGET_NS = 1_000_000;

    private final Recorder told = new Recorder();
    private final Threads threads = new Threads(told.log(), new LinuxPolicy());
    private final PoolSet set = new PoolSet(told.log(), threads, 2, HostClock::nowNs);
    private final BundlePools pools = new BundlePools("some.bundle", set);

    @AfterEach
    void close() {
        set.close();
        threads.close();
    }

    @Test
    void shouldRefuseCriticalWorkAndABudgetOfNothing() {
        assertThatThrownBy(() -> pools.strand("grey", WorkClass.CRITICAL, BUDGET_NS, () -> Job.DONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("class CRITICAL has no pool, because nothing may keep capture waiting; give grey a thread "
                        + "of its own (Workers) or the class HIGH");
        assertThatThrownBy(() -> pools.strand("grey", WorkClass.LOW, 0, () -> Job.DONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the budget of grey is 0 ns; say how long one run should take at most");
        assertThat(threads.stats()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "CRITICAL")
    void shouldHaveThreadsFromTheFirstStrandOfAClassToItsLast(WorkClass workClass) {
        var first = pools.strand("first", workClass, BUDGET_NS, () -> Job.DONE);
        var second = pools.strand("second", workClass, BUDGET_NS, () -> Job.DONE);
        var name = "pool-" + workClass.name().toLowerCase(Locale.ROOT);

        Recorder.await("two threads and the watch", () -> threads.stats().size() == 3);
        var poolThreads = threads.stats().stream().filter(ThreadStats::media).toList();
        assertThat(poolThreads).extracting(ThreadStats::name).containsExactly(name + "-1", name + "-2");
        assertThat(poolThreads).extracting(ThreadStats::workClass).containsOnly(workClass);
        assertThat(first.close(LONG)).isTrue();
        assertThat(threads.stats()).hasSize(3);
        assertThat(second.close(LONG)).isTrue();
        Recorder.await("all threads to end", () -> threads.stats().isEmpty());
        assertThat(pools.strands()).isEmpty();
        assertThat(told.lines()).filteredOn(line -> !line.contains("was refused with E")).isEmpty();
    }

    @Test
    void shouldKeepTheAccountOfAStrand() {
        var kept = new ArrayList<byte[]>();
        var strand = pools.strand("grey", WorkClass.NORMAL, BUDGET_NS, () -> {
            kept.add(new byte[100_000]);
            long end = System.nanoTime() + 2_000_000;
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            return Job.DONE;
        });

        strand.ready(HostClock.nowNs() - 1);
        Recorder.await("the first run", () -> strand.stats().runs() == 1);
        strand.ready(HostClock.nowNs() + LONG.toNanos());
        Recorder.await("the second run", () -> strand.stats().runs() == 2);

        var stats = strand.stats();
        assertThat(pools.strands()).extracting(StrandStats::name).containsExactly("grey");
        assertThat(stats.misses()).isEqualTo(1);
        assertThat(stats.failures()).isZero();
        assertThat(stats.failure()).isEmpty();
        assertThat(stats.cpuNs()).isPositive();
        assertThat(stats.longestNs()).isGreaterThanOrEqualTo(2_000_000);
        assertThat(stats.busyNs()).isGreaterThanOrEqualTo(4_000_000);
        assertThat(stats.allocatedBytes()).isGreaterThanOrEqualTo(200_000);
        assertThat(stats.runningNs()).isZero();
        assertThat(stats.stuck()).isFalse();
    }

    @Test
    void shouldRunOnceMoreForAllThatBecameReadyDuringARun() {
        var entered = new CountDownLatch(1);
        var gate = new CountDownLatch(1);
        var strand = pools.strand("slow", WorkClass.NORMAL, BUDGET_NS, () -> {
            entered.countDown();
            gate.await();
            return Job.DONE;
        });
        var after = pools.strand("after", WorkClass.NORMAL, BUDGET_NS, () -> Job.DONE);

        strand.ready(1);
        Recorder.await("the run", () -> entered.getCount() == 0);
        assertThat(strand.stats().runningNs()).isPositive();
        for (int i = 0; i < 100; i++) {
            strand.ready(2);
        }
        gate.countDown();
        Recorder.await("two runs", () -> strand.stats().runs() == 2);
        after.ready(Long.MAX_VALUE);
        Recorder.await("whatever comes after", () -> after.stats().runs() == 1);

        assertThat(strand.stats().runs()).isEqualTo(2);
    }

    @Test
    void shouldLoseNothingOfAMillionFromFourThreads() throws InterruptedException {
        int each = 250_000;
        int spread = 16;
        long[] posted = new long[4 * spread]; // plain: a strand must see what was written before it was made ready
        long[] seen = new long[4 * spread];
        var together = new AtomicInteger();
        var inside = new AtomicBoolean();
        var strand = pools.strand("sum", WorkClass.HIGH, BUDGET_NS, () -> {
            if (inside.getAndSet(true)) {
                together.incrementAndGet();
            }
            System.arraycopy(posted, 0, seen, 0, posted.length);
            inside.set(false);
            return Job.DONE;
        });

        var producers = new ArrayList<Thread>();
        for (int p = 0; p < 4; p++) {
            int mine = p * spread;
            producers.add(Thread.ofPlatform().start(() -> {
                for (int i = 1; i <= each; i++) {
                    posted[mine] = i;
                    strand.ready(i);
                }
            }));
        }
        for (var producer : producers) {
            producer.join();
        }

        Recorder.await("a run that sees all of it", () -> strand.stats().runs() > 0 && seen[0] == each
                && seen[spread] == each && seen[2 * spread] == each && seen[3 * spread] == each);
        assertThat(together).hasValue(0);
        assertThat(strand.stats().runs()).isBetween(1L, 4L * each);
    }

    @Test
    void shouldSeeWhatWasWrittenJustBeforeARunBegan() {
        long[] posted = new long[1]; // plain, as above
        long[] seen = new long[16];
        var strand = pools.strand("racer", WorkClass.HIGH, BUDGET_NS, () -> {
            seen[0] = posted[0];
            return Job.DONE;
        });
        var busy = pools.strand("busy", WorkClass.HIGH, BUDGET_NS, () -> 1); // keeps a thread awake
        busy.ready(1);

        long end = System.nanoTime() + LONG.toNanos(); // on one busy processor each round takes its turns
        for (int i = 1; i <= 100_000 && (i <= 1_000 || System.nanoTime() < end); i++) {
            strand.ready(0);
            for (int pause = i % 50; pause > 0; pause--) {
                Thread.onSpinWait();
            }
            posted[0] = i;
            strand.ready(0);
            int round = i;
            spin(() -> strand.stats().runs() > 0 && seen[0] == round);
        }

        assertThat(busy.close(LONG)).isTrue();
    }

    @Test
    void shouldWakeAThreadForEveryHandOver() {
        int[] runs = new int[1]; // plain: each piece sees what the one before it wrote
        var ping = pools.strand("ping", WorkClass.NORMAL, BUDGET_NS, () -> {
            runs[0]++;
            return Job.DONE;
        });
        var pong = pools.strand("pong", WorkClass.NORMAL, BUDGET_NS, () -> {
            ping.ready(0);
            return Job.DONE;
        });

        for (int i = 1; i <= 20_000; i++) {
            int round = i;
            pong.ready(i);
            if (i % 3 != 0) {
                Recorder.await("run " + i, () -> ping.stats().runs() >= round && pong.stats().runs() >= round);
            } else {
                spin(() -> ping.stats().runs() >= round);
            }
        }

        assertThat(ping.close(LONG)).isTrue();
        assertThat(runs[0]).isEqualTo(20_000);
    }

    @Test
    void shouldCountExceptionsOfAnyKindAndGoOn() {
        var kinds = new Throwable[] {new IllegalStateException("no corners here"), new StackOverflowError(),
            new Nameless(), new Exception("x".repeat(1000))};
        var next = new AtomicInteger();
        var strand = pools.strand("frail", WorkClass.NORMAL, BUDGET_NS, () -> {
            Thread.currentThread().interrupt();
            return PoolsTest.<RuntimeException>raise(kinds[next.getAndIncrement()]);
        });

        var told1 = failureAfter(strand, 1);
        var told2 = failureAfter(strand, 2);
        var told3 = failureAfter(strand, 3);
        var told4 = failureAfter(strand, 4);

        assertThat(List.of(told1, told2, told3)).containsExactly("no corners here", "java.lang.StackOverflowError",
                "an exception whose message cannot be had");
        assertThat(told4).hasSize(501);
        assertThat(strand.stats().runs()).isEqualTo(4);
        Recorder.await("all threads to be there", () -> threads.stats().size() == 3);
        assertThat(threads.stats()).extracting(ThreadStats::name)
                .containsExactly("pool-normal-1", "pool-normal-2", "pool-watch");
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> long raise(Throwable any) throws T {
        throw (T) any;
    }

    private static String failureAfter(Strand strand, int runs) {
        strand.ready(Long.MAX_VALUE);
        Recorder.await("failure " + runs, () -> strand.stats().runs() == runs);
        assertThat(strand.stats().failures()).isEqualTo(runs);
        return strand.stats().failure();
    }

    @Test
    void shouldAllocateNothingPerRun() {
        var left = new AtomicInteger();
        var one = new PoolSet(told.log(), threads, 1, HostClock::nowNs); // each thread has a warm-up of its own
        var strand = one.open(this, "media", WorkClass.HIGH, BUDGET_NS, false,
                () -> left.decrementAndGet() > 0 ? left.get() : Job.DONE);

        runs(strand, left, 30_000);
        long runs = strand.stats().runs();
        long before = allocated();
        long inRuns = strand.stats().allocatedBytes();
        runs(strand, left, 100_000);

        assertThat(strand.stats().runs() - runs).isGreaterThanOrEqualTo(100_000);
        assertThat(strand.stats().allocatedBytes() - inRuns).isZero();
        assertThat(allocated() - before).isLessThan(1000); // of 1e5 runs, by what the JVM says of the thread
        one.close();
    }

    /** So many runs one after the other, and a tenth as many on call. */
    private static void runs(Strand strand, AtomicInteger left, int count) {
        left.set(count);
        strand.ready(0);
        Recorder.await("the runs", () -> left.get() <= 0 && strand.stats().runningNs() == 0);
        for (int i = 0; i < count / 10; i++) {
            long runs = strand.stats().runs();
            strand.ready(i);
            spin(() -> strand.stats().runs() > runs);
        }
    }

    private static void spin(BooleanSupplier condition) {
        long deadline = System.nanoTime() + 2 * LONG.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited in vain");
            }
            Thread.onSpinWait();
        }
    }

    private long allocated() {
        return threads.stats().stream().filter(ThreadStats::media).mapToLong(ThreadStats::allocatedBytes).sum();
    }

    /** An exception that makes more trouble when it is asked. */
    private static final class Nameless extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new IllegalStateException("me too");
        }
    }
}
