// SPDX-License-Identifier: Apache-2.0
package mimir.tck;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import mimir.api.work.Pools;
import mimir.api.work.Strand;
import mimir.api.work.StrandStats;
import mimir.api.work.WorkClass;

/** Pools that run what is ready on the caller's thread, in one order always. Confined. */
final class BenchPools implements Pools {
    private final List<BenchStrand> strands = new ArrayList<>();

    @Override
    public Strand strand(String name, WorkClass workClass, long budgetNs, Job job) {
        var strand = new BenchStrand(name, workClass, job);
        strands.add(strand);
        return strand;
    }

    @Override
    public Strand trial(String name, WorkClass workClass, long budgetNs, Job job) {
        return strand(name, workClass, budgetNs, job);
    }

    @Override
    public List<StrandStats> strands() {
        return strands.stream().map(BenchStrand::stats).toList();
    }

    /** There is something to look at: runs until nobody has anything to do. */
    void run() {
        strands.forEach(strand -> strand.ready(Long.MAX_VALUE));
        boolean ran = true;
        while (ran) {
            ran = false;
            for (var strand : List.copyOf(strands)) {
                ran |= strand.run();
            }
        }
    }

    /** Nobody judges a stage here by how long it runs; the bench does. */
    private final class BenchStrand implements Strand {
        private final String name;
        private final WorkClass workClass;
        private final Job job;
        private boolean ready;
        private long runs;

        BenchStrand(String name, WorkClass workClass, Job job) {
            this.name = name;
            this.workClass = workClass;
            this.job = job;
        }

        boolean run() {
            if (!ready) {
                return false;
            }
            ready = false;
            runs++;
            try {
                ready |= job.run() != Job.DONE;
            } catch (Exception unexpected) {
                throw new IllegalStateException("the stage " + name + " let an exception through: "
                        + unexpected.getMessage(), unexpected);
            }
            return true;
        }

        @Override
        public void ready(long deadlineNs) {
            ready = true;
        }

        @Override
        public void admit() {
            // there is one thread and nobody whom it could hold up
        }

        @Override
        public void demote() {
            // nor here
        }

        @Override
        public StrandStats stats() {
            return new StrandStats(name, workClass, runs, 0, 0, "", 0, 0, 0, 0, 0, false);
        }

        @Override
        public boolean close(Duration atMost) {
            ready = false;
            strands.remove(this);
            return true;
        }
    }
}
