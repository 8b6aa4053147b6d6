// SPDX-License-Identifier: Apache-2.0
package mimir.engine.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import mimir.api.work.Pools.Job;
import mimir.api.work.Strand;
import mimir.api.work.StrandStats;
import mimir.api.work.WorkClass;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who runs when: time is what the test says, so the order is the same on every machine. Confined. */
class PoolScheduleTest {
    private static final long BUDGET_NS = 1_000_000;

    private final Recorder told = new Recorder();
    private final Threads threads = new Threads(told.log(), new LinuxPolicy());
    private final AtomicLong clock = new AtomicLong(1);
    private PoolSet set;

    @AfterEach
    void close() {
        set.close();
        threads.close();
    }

    @Test
    void shouldMissFewerDeadlinesThanFirstComeFirstServedWhenThereIsTooMuchToDo() {
        var pools = pools(1);
        long[] deadlines = {80, 20, 60, 10, 70, 30, 50, 40, 80};
        long cost = 10;
        var order = Collections.synchronizedList(new ArrayList<Long>());
        var strands = new ArrayList<Strand>();
        for (int i = 0; i < deadlines.length; i++) {
            long deadline = deadlines[i];
            strands.add(pools.strand("piece " + i, WorkClass.NORMAL, BUDGET_NS, () -> {
                clock.addAndGet(cost);
                order.add(deadline);
                return Job.DONE;
            }));
        }

        behindAGate(pools, begin -> {
            for (int i = 0; i < deadlines.length; i++) {
                strands.get(i).ready(begin + deadlines[i]);
            }
        });
        Recorder.await("all pieces", () -> order.size() == deadlines.length && runs(pools) == deadlines.length + 1);

        assertThat(order).isSorted();
        assertThat(missesFirstComeFirstServed(deadlines, cost)).isEqualTo(5);
        assertThat(pools.strands().stream().filter(strand -> strand.misses() > 0)).extracting(StrandStats::name)
                .containsExactly("piece 8");
    }

    @Test
    void shouldServeAnEarlierDeadlineThatIsAskedForLater() {
        var pools = pools(1);
        var order = Collections.synchronizedList(new ArrayList<String>());
        var strands = List.of("a", "b", "c", "d").stream()
                .map(name -> pools.strand(name, WorkClass.HIGH, BUDGET_NS, () -> {
                    order.add(name);
                    return Job.DONE;
                })).toList();

        behindAGate(pools, begin -> {
            strands.forEach(strand -> strand.ready(begin + 100));
            strands.get(3).ready(begin + 50);
            strands.get(2).ready(begin + 60);
            strands.get(1).ready(begin + 500);
        });

        Recorder.await("all", () -> order.size() == 4);
        assertThat(order).containsExactly("d", "c", "a", "b");
    }

    @Test
    void shouldNotStarveOthersForAStrandThatIsAlwaysLate() {
        var pools = pools(1);
        var late = new AtomicInteger();
        var whenServed = new AtomicLong();
        var hog = pools.strand("hog", WorkClass.NORMAL, BUDGET_NS, () -> {
            clock.addAndGet(10);
            return late.incrementAndGet() < 1_000 ? 1 : Job.DONE;
        });
        var meek = pools.strand("meek", WorkClass.NORMAL, BUDGET_NS, () -> {
            whenServed.set(clock.get());
            return Job.DONE;
        });

        clock.set(5_000);
        behindAGate(pools, begin -> {
            hog.ready(1);
            meek.ready(begin + 95);
        });

        Recorder.await("all runs", () -> late.get() == 1_000 && meek.stats().runs() == 1);
        assertThat(whenServed.get()).isBetween(5_090L, 5_110L);
        assertThat(hog.stats().misses()).isGreaterThanOrEqualTo(999);
    }

    @Test
    void shouldTakeByDeadlineAndThenByArrival() {
        clock.set(-1_000);
        set = new PoolSet(told.log(), threads, 1, clock::get);
        var pool = new Pool(set, Pool.Kind.ADMITTED, WorkClass.NORMAL, 0, clock::get);
        var random = new Random(7);
        var strands = new ArrayList<PooledStrand>();
        for (int i = 0; i < 500; i++) {
            strands.add(new PooledStrand(pool, pool, this, "" + i, WorkClass.NORMAL, BUDGET_NS, () -> Job.DONE));
            pool.enter();
        }

        for (var strand : strands) {
            strand.ready(random.nextInt(40));
        }
        var first = pool.take(); // now the others stand in the heap, and not in the inbox
        for (int i = 0; i < 500; i += 7) {
            strands.get(i).ready(-i);
        }

        strands.remove(first);
        var expected = strands.stream().map(PooledStrand::deadlineNs).sorted().toList();
        var taken = expected.stream().map(any -> pool.take()).toList();
        assertThat(taken).extracting(PooledStrand::deadlineNs).isEqualTo(expected);
        assertThat(taken).doesNotHaveDuplicates().isSortedAccordingTo((one, other) -> one.deadlineNs()
                != other.deadlineNs() ? 0 : Integer.compare(strands.indexOf(one), strands.indexOf(other)));
    }

    @Test
    void shouldShareSkewedLoadAmongTwoThreads() {
        var pools = pools(2);
        long[] costs = new long[36];
        Arrays.fill(costs, 5_000);
        for (int i = 0; i < costs.length; i += 9) {
            costs[i] = 40_000; // four of 36 strands have as much to do as all others together
        }
        var machine = new Machine(clock, costs.length);
        var strands = new ArrayList<Strand>();
        for (int i = 0; i < costs.length; i++) {
            long cost = costs[i];
            strands.add(pools.strand("piece " + i, WorkClass.LOW, BUDGET_NS, () -> machine.work(cost)));
        }

        long begin = clock.get();
        strands.forEach(strand -> strand.ready(begin + 1_000_000));
        while (machine.left() > 0) {
            Recorder.await("two at work", machine::busy);
            machine.advance();
        }

        assertThat(clock.get() - begin).isLessThanOrEqualTo(Arrays.stream(costs).sum() / 2 * 5 / 4);
    }

    private interface Script {
        void from(long begin);
    }

    /** Lets the only thread wait until the script has been read to its end. */
    private void behindAGate(BundlePools pools, Script script) {
        var entered = new CountDownLatch(1);
        var gate = new CountDownLatch(1);
        pools.strand("gate", pools.strands().getFirst().workClass(), BUDGET_NS, () -> {
            entered.countDown();
            gate.await();
            return Job.DONE;
        }).ready(Long.MAX_VALUE);
        Recorder.await("the gate", () -> entered.getCount() == 0);
        script.from(clock.get());
        gate.countDown();
    }

    private BundlePools pools(int size) {
        set = new PoolSet(told.log(), threads, size, clock::get);
        return new BundlePools("some.bundle", set);
    }

    private static long runs(BundlePools pools) {
        return pools.strands().stream().mapToLong(StrandStats::runs).sum();
    }

    private static long missesFirstComeFirstServed(long[] deadlines, long cost) {
        long misses = 0;
        for (int i = 0; i < deadlines.length; i++) {
            misses += (i + 1) * cost > deadlines[i] ? 1 : 0;
        }
        return misses;
    }

    /** Two processors whose time goes on when both are at work, or all that is left is. Thread-safe. */
    private static final class Machine {
        private final AtomicLong clock;
        private final AtomicInteger left;
        private final List<Long> ends = new ArrayList<>(); // guarded by this

        Machine(AtomicLong clock, int pieces) {
            this.clock = clock;
            left = new AtomicInteger(pieces);
        }

        synchronized long work(long cost) throws InterruptedException {
            long end = clock.get() + cost;
            ends.add(end);
            while (clock.get() < end) {
                wait(Duration.ofSeconds(20).toMillis());
            }
            ends.remove(end);
            left.decrementAndGet();
            return Job.DONE;
        }

        synchronized boolean busy() {
            return ends.stream().allMatch(end -> end > clock.get()) && ends.size() == Math.min(2, left.get());
        }

        synchronized void advance() {
            ends.stream().min(Long::compare).ifPresent(clock::set);
            notifyAll();
        }

        int left() {
            return left.get();
        }
    }
}
