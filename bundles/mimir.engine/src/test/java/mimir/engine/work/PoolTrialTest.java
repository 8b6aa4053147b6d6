// SPDX-License-Identifier: Apache-2.0
package mimir.engine.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import mimir.api.work.Pools.Job;
import mimir.api.work.Strand;
import mimir.api.work.StrandStats;
import mimir.api.work.ThreadStats;
import mimir.api.work.WorkClass;
import mimir.ring.HostClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A strand on trial is on its own, and comes into the pool of its class when it is admitted. */
@Timeout(60)
class PoolTrialTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final long BUDGET_NS = 100_000_000_000L; // nobody is called stuck here

    private final Recorder told = new Recorder();
    private final Threads threads = new Threads(told.log(), new LinuxPolicy());
    private final PoolSet set = new PoolSet(told.log(), threads, 2, HostClock::nowNs);
    private final BundlePools pools = new BundlePools("some.bundle", set);
    private final CountDownLatch gate = new CountDownLatch(1);

    @AfterEach
    void close() {
        gate.countDown();
        set.close();
        threads.close();
    }

    /** Runs once, and says where. */
    private static String whereRuns(Strand strand, List<String> places) {
        int before = places.size();
        strand.ready(Long.MAX_VALUE);
        Recorder.await("a run", () -> places.size() > before && strand.stats().runningNs() == 0);
        return places.getLast();
    }

    @Test
    void shouldRunOnOtherThreadsOfItsClassUntilItIsAdmitted() {
        var places = new CopyOnWriteArrayList<String>();
        var strand = pools.trial("cold", WorkClass.HIGH, BUDGET_NS, () -> {
            places.add(Thread.currentThread().getName());
            return Job.DONE;
        });

        assertThat(whereRuns(strand, places)).contains("pool-trial-high-");
        assertThat(threads.stats().stream().filter(thread -> thread.name().startsWith("pool-trial-high-")))
                .extracting(ThreadStats::workClass).containsOnly(WorkClass.HIGH);
        assertThat(pools.strands()).extracting(StrandStats::workClass).containsExactly(WorkClass.HIGH);
        strand.admit();
        assertThat(whereRuns(strand, places)).as("the run that it goes with").contains("pool-trial-high-");
        assertThat(whereRuns(strand, places)).contains("pool-high-");
        strand.admit();
        assertThat(whereRuns(strand, places)).contains("pool-high-");
        Recorder.await("nobody is on trial", () -> threads.stats().stream()
                .noneMatch(thread -> thread.name().startsWith("pool-trial-high-")));
        assertThat(whereRuns(strand, places)).contains("pool-high-");
        assertThat(strand.stats().runs()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldRunApartFromItsPoolAsLongAsItIsDemoted(boolean onTrial) {
        var places = new CopyOnWriteArrayList<String>();
        Job job = () -> {
            places.add(Thread.currentThread().getName());
            return Job.DONE;
        };
        var strand = onTrial ? pools.trial("slow", WorkClass.LOW, BUDGET_NS, job)
                : pools.strand("slow", WorkClass.LOW, BUDGET_NS, job);
        for (int round = 0; round < 3; round++) {
            strand.demote();
            whereRuns(strand, places);
            assertThat(whereRuns(strand, places)).contains("pool-long-low-");
            strand.demote();
            assertThat(whereRuns(strand, places)).contains("pool-long-low-");
            strand.admit();
            whereRuns(strand, places);
            assertThat(whereRuns(strand, places)).contains("pool-low-");
            Recorder.await("nobody is apart", () -> threads.stats().stream().map(ThreadStats::name)
                    .noneMatch(name -> name.contains("pool-long-") || name.contains("pool-trial-")));
        }
        strand.demote();
        whereRuns(strand, places);

        assertThat(strand.close(LONG)).isTrue();
        Recorder.await("all to end", () -> pools.strands().isEmpty() && threads.stats().isEmpty());
    }

    @Test
    void shouldHoldUpNobodyWhoWasAdmitted() {
        var held = new ArrayList<Strand>();
        for (int i = 0; i < 5; i++) {
            held.add(pools.trial("cold " + i, WorkClass.NORMAL, BUDGET_NS, () -> {
                gate.await();
                return Job.DONE;
            }));
        }
        var warm = pools.trial("warm", WorkClass.NORMAL, BUDGET_NS, () -> Job.DONE);
        warm.admit();
        warm.ready(0);
        Recorder.await("its last run on trial", () -> warm.stats().runs() == 1);
        held.forEach(strand -> strand.ready(0));
        Recorder.await("all that can run", () -> held.stream().filter(one -> one.stats().runningNs() > 0).count() == 2);

        for (int i = 2; i < 100; i++) {
            int run = i;
            warm.ready(HostClock.nowNs() + LONG.toNanos());
            Recorder.await("run " + i, () -> warm.stats().runs() == run);
        }

        assertThat(warm.stats().misses()).as("but for the first").isEqualTo(1);
        gate.countDown();
        Recorder.await("the others", () -> held.stream().allMatch(one -> one.stats().runs() == 1));
    }

    @Test
    void shouldLoseNothingOnTheWay() throws InterruptedException {
        for (int round = 0; round < 300; round++) {
            int each = 200;
            long[] posted = new long[64];
            long[] seen = new long[64];
            var inside = new AtomicBoolean();
            var together = new AtomicInteger();
            var strand = pools.trial("sum", WorkClass.NORMAL, BUDGET_NS, () -> {
                if (inside.getAndSet(true)) {
                    together.incrementAndGet();
                }
                System.arraycopy(posted, 0, seen, 0, posted.length);
                inside.set(false);
                return Job.DONE;
            });
            var producers = new ArrayList<Thread>();
            for (int p = 0; p < 2; p++) {
                int mine = p * 32;
                producers.add(Thread.ofPlatform().start(() -> {
                    for (int i = 1; i <= each; i++) {
                        posted[mine] = i;
                        strand.ready(i);
                        if (i == each / 2) {
                            strand.admit();
                        }
                    }
                }));
            }
            for (var producer : producers) {
                producer.join();
            }

            Recorder.await("a run that sees all of it", () -> strand.stats().runs() > 0 && seen[0] == each
                    && seen[32] == each);
            assertThat(together).hasValue(0);
            assertThat(strand.close(LONG)).isTrue();
        }
        Recorder.await("all to end", () -> pools.strands().isEmpty() && threads.stats().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"idle", "queued", "running", "admitted while it runs"})
    void shouldCloseInAnyState(String state) {
        var names = ConcurrentHashMap.<String>newKeySet();
        var strand = pools.trial("cold", WorkClass.IDLE, BUDGET_NS, () -> {
            names.add(Thread.currentThread().getName());
            gate.await();
            return Job.DONE;
        });
        var before = state.equals("queued") ? List.of(blocker(), blocker()) : List.<Strand>of();
        if (!state.equals("idle")) {
            strand.ready(1);
        }
        if (state.endsWith("runs") || state.equals("running")) {
            Recorder.await("the run", () -> !names.isEmpty());
        }
        if (state.startsWith("admitted")) {
            strand.admit();
        }

        assertThat(strand.close(LONG)).isTrue();
        before.forEach(one -> assertThat(one.close(LONG)).isTrue());
        Recorder.await("all to end", () -> pools.strands().isEmpty() && threads.stats().isEmpty());
        assertThat(names).hasSizeLessThanOrEqualTo(1);
    }

    private Strand blocker() {
        var running = new AtomicBoolean();
        var strand = pools.trial("blocker", WorkClass.IDLE, BUDGET_NS, () -> {
            running.set(true);
            gate.await();
            return Job.DONE;
        });
        strand.ready(0);
        Recorder.await("the blocker", running::get);
        return strand;
    }

    @Test
    void shouldReplaceAThreadThatIsStuckOnTrial() {
        var strand = pools.trial("stuck", WorkClass.NORMAL, 1_000_000, () -> {
            gate.await();
            return Job.DONE;
        });
        strand.ready(0);
        Recorder.await("it is found", () -> strand.stats().stuck());
        strand.admit();
        gate.countDown();
        Recorder.await("its end", () -> strand.stats().runs() == 1);
        strand.ready(0);
        Recorder.await("another run", () -> strand.stats().runs() == 2);

        Recorder.await("its name", () -> told.lines().stream()
                .anyMatch(line -> line.contains("strand stuck of some.bundle has run for more than a second")));
    }
}
