// SPDX-License-Identifier: Apache-2.0
package mimir.engine.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import mimir.api.work.Pools.Job;
import mimir.api.work.Strand;
import mimir.api.work.WorkClass;
import mimir.ring.HostClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The queues of a pool have an end: what does not fit is refused, and whoever asks for work neither waits nor pays. */
@Timeout(30)
class PoolBoundTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final long BUDGET_NS = 1_000_000;
    private static final int PRODUCERS = 4;
    private static final int ROUNDS = 100;
    private static final long REFERENCES = 4L * Pool.MOST_STRANDS; // the least that a queue which grows would take

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

    @Test
    void shouldRefuseAndCountAStrandForWhichThereIsNoRoom() {
        var strands = open(Pool.MOST_STRANDS, () -> Job.DONE);

        assertThatThrownBy(() -> pools.strand("grey", WorkClass.NORMAL, BUDGET_NS, () -> Job.DONE))
                .isInstanceOf(IllegalStateException.class).hasMessage("the pool normal has its 1024 strands, which is "
                        + "all it takes; close one before you open grey (1 refused so far)");
        assertThatThrownBy(() -> pools.trial("grey", WorkClass.NORMAL, BUDGET_NS, () -> Job.DONE))
                .hasMessageEndingWith("(2 refused so far)");
        assertThat(pools.strand("grey", WorkClass.LOW, BUDGET_NS, () -> Job.DONE).close(LONG)).isTrue();

        assertThat(strands.removeLast().close(LONG)).isTrue();
        var late = pools.trial("late", WorkClass.NORMAL, BUDGET_NS, () -> Job.DONE);
        late.ready(0);
        Recorder.await("a run of the one that had to wait for its place", () -> late.stats().runs() == 1);
    }

    @Test
    void shouldKeepNobodyWaitingAndNotGrowWhileAllItHasRoomForIsReady() throws InterruptedException {
        var blockers = open(2, () -> {
            gate.await();
            return Job.DONE;
        });
        blockers.forEach(strand -> strand.ready(0));
        Recorder.await("both threads to stand still", () -> blockers.stream()
                .allMatch(strand -> strand.stats().runningNs() > 0));
        var strands = open(Pool.MOST_STRANDS - 2, () -> Job.DONE);

        long bytes = storm(strands); // returns although no thread of the pool takes anything
        assertThat(strands).allMatch(strand -> strand.stats().runs() == 0);
        gate.countDown();
        Recorder.await("a run of each", () -> strands.stream().allMatch(strand -> strand.stats().runs() > 0));

        assertThat(bytes).as("of 400,000 times").isLessThan(REFERENCES);
        assertThat(strands).allMatch(strand -> strand.stats().runs() == 1);
    }

    private List<Strand> open(int count, Job job) {
        return new ArrayList<>(IntStream.range(0, count).mapToObj(number ->
                pools.strand("strand " + number, WorkClass.NORMAL, BUDGET_NS, job)).toList());
    }

    /** All strands are made ready by all producers again and again. Returns what that allocated, beyond the warm-up. */
    private static long storm(List<Strand> strands) throws InterruptedException {
        var all = strands.toArray(Strand[]::new);
        var bytes = new AtomicLong();
        var producers = IntStream.range(0, PRODUCERS).mapToObj(mine -> Thread.ofPlatform().start(() -> {
            ready(all, mine);
            var account = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            account.getCurrentThreadAllocatedBytes();
            long before = account.getCurrentThreadAllocatedBytes();
            for (int round = 1; round < ROUNDS; round++) {
                ready(all, mine + round);
            }
            bytes.addAndGet(account.getCurrentThreadAllocatedBytes() - before);
        })).toList();
        for (var producer : producers) {
            producer.join();
        }
        return bytes.get();
    }

    private static void ready(Strand[] strands, int first) {
        for (int i = 0; i < strands.length; i++) {
            strands[(first * 37 + i) % strands.length].ready(i - first);
        }
    }
}
