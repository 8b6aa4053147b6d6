// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import mimir.api.work.Pools;
import mimir.api.work.Pools.Job;
import mimir.api.work.StrandStats;
import mimir.api.work.ThreadStats;
import mimir.api.work.WorkClass;
import mimir.api.work.Workers;
import mimir.ring.HostClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.BundleContext;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;

/** Strands as bundles get them: the class of each thread is told, and a bundle that goes takes its strands along. */
@Timeout(60)
class PoolsTest {
    private static final long BUDGET_NS = 1_000_000;

    @InjectService(timeout = 10_000)
    Pools pools;
    @InjectService(timeout = 10_000)
    Workers workers;
    @InjectBundleContext
    BundleContext context;

    @Test
    void shouldTellTheClassOfEachThreadAndCloseWhatABundleLeaves() {
        var of = Arrays.stream(context.getBundles())
                .filter(bundle -> bundle.getSymbolicName().equals("mimir.recording")).findFirst()
                .orElseThrow().getBundleContext();
        var objects = of.getServiceObjects(context.getServiceReference(Pools.class));
        var theirs = objects.getService();
        var mine = pools.strand("itest.mine", WorkClass.HIGH, BUDGET_NS, () -> Job.DONE);
        var left = theirs.strand("itest.left", WorkClass.IDLE, BUDGET_NS, () -> Job.DONE);

        mine.ready(HostClock.nowNs() + Duration.ofSeconds(20).toNanos());
        left.ready(Long.MAX_VALUE);
        Platform.await(() -> mine.stats().runs() == 1 && left.stats().runs() == 1, () -> "did not run");
        assertEquals(Set.of(WorkClass.HIGH), Set.copyOf(classesOf("pool-high-", true)));
        assertEquals(Set.of(WorkClass.IDLE), Set.copyOf(classesOf("pool-idle-", true)));

        objects.ungetService(theirs);
        assertEquals(List.of("itest.mine"), strands());
        Platform.await(() -> classesOf("pool-idle-", true).isEmpty(), () -> "the pool goes on without a strand");
        assertTrue(mine.close(Duration.ofSeconds(10)));
        Platform.await(() -> classesOf("pool-", true).isEmpty() && classesOf("pool-", false).isEmpty(),
                () -> "threads go on without a strand");
    }

    private List<String> strands() {
        return pools.strands().stream().map(StrandStats::name).filter(name -> name.startsWith("itest.")).toList();
    }

    private List<WorkClass> classesOf(String prefix, boolean media) {
        return workers.threads().stream().filter(thread -> thread.name().startsWith(prefix) && thread.media() == media)
                .map(ThreadStats::workClass).toList();
    }
}
