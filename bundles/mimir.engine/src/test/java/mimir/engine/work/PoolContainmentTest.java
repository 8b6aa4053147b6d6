// SPDX-License-Identifier: Apache-2.0
package mimir.engine.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import mimir.api.work.Pools.Job;
import mimir.api.work.Strand;
import mimir.api.work.StrandStats;
import mimir.api.work.ThreadStats;
import mimir.api.work.WorkClass;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a job can do to others: nothing. Time goes on only when a test says so. */
class PoolContainmentTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final long BUDGET_NS = 200_000_000;
    private static final long LIMIT_NS = 10 * BUDGET_NS;
    private static final long PLACE_NS = 1_000_000_000;

    private final Recorder told = new Recorder();
    private final Threads threads = new Threads(told.log(), new LinuxPolicy());
    private final AtomicLong clock = new AtomicLong(1);
    private final AtomicInteger failing = new AtomicInteger();
    private final AtomicInteger ending = new AtomicInteger();
    private final PoolSet set = new PoolSet(told.log(), threads, 2, this::time);
    private final BundlePools pools = new BundlePools("some.bundle", set);
    private final AtomicBoolean release = new AtomicBoolean();

    @AfterEach
    void close() {
        release.set(true);
        set.close();
        threads.close();
    }

    @Test
    void shouldReplaceThreadsThatAreStuckAndTakeTheStrandsBackWhenTheyEnd() {
        var one = spinner("one");
        var two = spinner("two");
        var good = pools.strand("good", WorkClass.NORMAL, BUDGET_NS, () -> Job.DONE);
        start(one);
        start(two);
        good.ready(0);
        Recorder.await("all threads", () -> threads.stats().size() == 3);

        clock.addAndGet(PLACE_NS);
        set.look();
        assertThat(threads.stats()).as("a second is not too long").extracting(ThreadStats::name, ThreadStats::workClass)
                .containsExactly(Tuple.tuple("pool-normal-1", WorkClass.NORMAL),
                        Tuple.tuple("pool-normal-2", WorkClass.NORMAL), Tuple.tuple("pool-watch", WorkClass.HIGH));
        assertThat(told.lines()).noneMatch(line -> line.contains("strand"));
        clock.addAndGet(1);
        Recorder.await("a run of the good one", () -> good.stats().runs() == 1);
        clock.addAndGet(LIMIT_NS - PLACE_NS - 1);
        assertThat(stuck()).as("others go on, and it may take two seconds").isEmpty();
        clock.addAndGet(1);
        assertThat(stuck()).containsExactly("one", "two");
        assertThat(one.stats().runningNs()).isEqualTo(LIMIT_NS + 1);
        Recorder.await("all threads", () -> threads.stats().size() == 5);
        assertThat(threads.stats()).filteredOn(thread -> thread.workClass() == WorkClass.IDLE)
                .extracting(ThreadStats::name, ThreadStats::policyAsked, ThreadStats::policyGranted)
                .containsExactly(tuple("pool-normal-1"), tuple("pool-normal-2"));
        assertThat(told.lines()).contains("warn: strand one of some.bundle has run for more than a second: its "
                + "thread goes on as class IDLE, another one takes its place in the pool");

        release.set(true);
        Recorder.await("the threads to end", () -> threads.stats().size() == 3);
        assertThat(threads.stats()).extracting(ThreadStats::name)
                .containsExactly("pool-normal-3", "pool-normal-4", "pool-watch");
        assertThat(stuck()).isEmpty();
        one.ready(0);
        Recorder.await("its second run", () -> one.stats().runs() == 2);
    }

    @Test
    void shouldGoOnLookingAfterALookThatFailed() {
        failing.set(3);
        var one = spinner("one");
        start(one);
        Recorder.await("three looks that fail", () -> failing.get() == 0);
        clock.addAndGet(LIMIT_NS + 1);

        Recorder.await("it to be stuck", () -> one.stats().stuck());
        assertThat(told.lines()).filteredOn(line -> line.contains("could not be looked for")).containsExactly(
                "warn: runs that last too long could not be looked for, and it is tried again: "
                + "java.lang.IllegalStateException: no time");
    }

    private long time() {
        if (Thread.currentThread().getName().contains("pool-watch")
                && failing.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new IllegalStateException("no time");
        }
        if (Thread.currentThread().getName().contains("pool-normal") && ending.getAndDecrement() == 1) {
            throw new OutOfMemoryError("as planned");
        }
        return clock.get();
    }

    private static Tuple tuple(String name) {
        return Tuple.tuple(name, "OTHER nice 10", "OTHER nice 10");
    }

    @Test
    void shouldQueueAgainWhatBecameReadyWhileItWasStuck() {
        var strand = spinner("one");
        start(strand);
        strand.ready(0);
        clock.addAndGet(LIMIT_NS + 1);
        Recorder.await("it to be stuck", () -> strand.stats().stuck());

        release.set(true);

        Recorder.await("its second run", () -> strand.stats().runs() == 2);
        assertThat(strand.stats().misses()).isEqualTo(2);
        assertThat(strand.stats().longestNs()).isEqualTo(LIMIT_NS + 1);
    }

    @Test
    void shouldInterruptARunThatIsClosedAndLeaveTheThreadUnharmed() {
        var interrupted = new AtomicInteger();
        var blocker = pools.strand("blocker", WorkClass.LOW, BUDGET_NS, () -> {
            new CountDownLatch(1).await();
            return Job.DONE;
        });
        var other = pools.strand("other", WorkClass.LOW, BUDGET_NS, () -> {
            interrupted.addAndGet(Thread.interrupted() ? 1 : 0);
            return Job.DONE;
        });

        start(blocker);
        assertThat(blocker.close(LONG)).isTrue();
        blocker.ready(0);
        for (int i = 1; i <= 100; i++) {
            int runs = i;
            other.ready(i);
            Recorder.await("run " + i, () -> other.stats().runs() == runs);
        }

        assertThat(interrupted).hasValue(0);
        assertThat(blocker.stats().runs()).isEqualTo(1);
        assertThat(blocker.stats().failures()).isZero();
        assertThat(pools.strands()).extracting(StrandStats::name).containsExactly("other");
    }

    @Test
    void shouldNotEndByInterruptsOfAJobThatKeptItsThread() {
        var kept = new AtomicReference<Thread>();
        var hostile = pools.strand("hostile", WorkClass.NORMAL, BUDGET_NS, () -> {
            kept.set(Thread.currentThread());
            return Job.DONE;
        });
        hostile.ready(0);
        Recorder.await("its run", () -> hostile.stats().runs() == 1);
        Recorder.await("all threads", () -> threads.stats().size() == 3);

        for (int i = 0; i < 10_000; i++) {
            kept.get().interrupt();
            if (i % 100 == 0) {
                hostile.ready(0);
            }
        }
        long runs = hostile.stats().runs();
        hostile.ready(0);
        Recorder.await("one more run", () -> hostile.stats().runs() > runs);
        assertThat(threads.stats()).extracting(ThreadStats::name)
                .containsExactly("pool-normal-1", "pool-normal-2", "pool-watch");
        assertThat(kept.get().isAlive()).isTrue();
    }

    @Test
    void shouldReplaceAThreadThatEndedByAFailureOfItsOwn() {
        var good = pools.strand("good", WorkClass.NORMAL, BUDGET_NS, () -> Job.DONE);
        var lost = pools.strand("lost", WorkClass.NORMAL, BUDGET_NS, () -> Job.DONE);
        Recorder.await("all threads", () -> threads.stats().size() == 3);

        ending.set(2); // the first time is asked for under the lock of the pool, the second one by the thread itself
        lost.ready(0);
        Recorder.await("a new one", () -> threads.stats().stream().anyMatch(one -> one.name().equals("pool-normal-3")));

        good.ready(0);
        Recorder.await("a run", () -> good.stats().runs() == 1);
    }

    @Test
    void shouldGiveUpARunThatDoesNotEnd() {
        var deaf = spinner("deaf");
        var good = pools.strand("good", WorkClass.NORMAL, BUDGET_NS, () -> Job.DONE);
        start(deaf);

        assertThat(deaf.close(Duration.ofMillis(20))).isFalse();
        assertThat(threads.stats()).filteredOn(ThreadStats::stuck).extracting(ThreadStats::workClass)
                .containsExactly(WorkClass.IDLE);
        assertThat(stuck()).containsExactly("deaf");
        good.ready(0);
        Recorder.await("the good one", () -> good.stats().runs() == 1);
        assertThat(good.close(LONG)).isTrue();
        Recorder.await("the pool to end but for one", () -> threads.stats().size() == 1);

        release.set(true);
        assertThat(deaf.close(LONG)).isTrue();
        Recorder.await("its thread to end", () -> threads.stats().isEmpty());
        assertThat(pools.strands()).isEmpty();
    }

    @Test
    void shouldCloseInItsOwnRunWithoutWaiting() {
        var closed = new AtomicInteger(-1);
        var self = new Strand[1];
        self[0] = pools.strand("self", WorkClass.IDLE, BUDGET_NS, () -> {
            closed.set(self[0].close(LONG) ? 1 : 0);
            return 0;
        });

        self[0].ready(0);

        Recorder.await("all threads to end", () -> self[0].stats().runs() == 1 && threads.stats().isEmpty());
        assertThat(closed).hasValue(0);
        assertThat(self[0].close(LONG)).isTrue();
    }

    @Test
    void shouldRunNothingAfterACloseUnderLoad() throws InterruptedException {
        var after = new AtomicInteger();
        var strands = new ArrayList<Strand>();
        var closed = new AtomicBoolean[12];
        for (int i = 0; i < closed.length; i++) {
            var mine = new AtomicBoolean();
            closed[i] = mine;
            int again = i % 3;
            strands.add(pools.strand("busy " + i, WorkClass.HIGH, BUDGET_NS, () -> {
                after.addAndGet(mine.get() ? 1 : 0);
                return again == 0 ? 0 : Job.DONE;
            }));
        }
        var feeder = Thread.ofPlatform().start(() -> {
            while (!release.get()) {
                strands.forEach(strand -> strand.ready(0));
            }
        });

        for (int i = 0; i < closed.length; i++) {
            var strand = strands.get(i);
            Recorder.await("load", () -> strand.stats().runs() > 100);
            assertThat(strand.close(LONG)).isTrue();
            closed[i].set(true);
        }
        release.set(true);
        feeder.join();

        Recorder.await("all threads to end", () -> threads.stats().isEmpty());
        assertThat(after).hasValue(0);
    }

    @Test
    void shouldCloseAndNameWhatABundleLeavesOpen() {
        var other = new BundlePools("another.bundle", set);
        other.strand("kept", WorkClass.NORMAL, BUDGET_NS, () -> Job.DONE);
        pools.strand("left", WorkClass.NORMAL, BUDGET_NS, () -> Job.DONE);

        pools.close();

        assertThat(other.strands()).extracting(StrandStats::name).containsExactly("kept");
        assertThat(told.lines()).containsExactly(
                "warn: strand left of some.bundle was left open (its bundle is gone) and has been closed");
        assertThatThrownBy(() -> pools.strand("late", WorkClass.NORMAL, BUDGET_NS, () -> Job.DONE))
                .hasMessage("bundle some.bundle is gone and can open no strand late");
    }

    /** A job that neither sleeps nor heeds interrupts. */
    private Strand spinner(String name) {
        return pools.strand(name, WorkClass.NORMAL, BUDGET_NS, () -> {
            while (!release.get()) {
                Thread.onSpinWait();
            }
            return Job.DONE;
        });
    }

    private static void start(Strand strand) {
        strand.ready(0);
        Recorder.await("its run", () -> strand.stats().runningNs() > 0);
    }

    private List<String> stuck() {
        return pools.strands().stream().filter(StrandStats::stuck).map(StrandStats::name).toList();
    }
}
