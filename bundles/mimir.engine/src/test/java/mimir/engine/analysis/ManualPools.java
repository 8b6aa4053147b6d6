// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import mimir.api.work.Pools;
import mimir.api.work.Strand;
import mimir.api.work.StrandStats;
import mimir.api.work.WorkClass;

/** Pools whose strands run when the test says so, on its own thread. Confined. */
final class ManualPools implements Pools {
    final List<ManualStrand> strands = new ArrayList<>();

    @Override
    public ManualStrand strand(String name, WorkClass workClass, long budgetNs, Job job) {
        var strand = new ManualStrand(name, workClass, job);
        strands.add(strand);
        return strand;
    }

    @Override
    public ManualStrand trial(String name, WorkClass workClass, long budgetNs, Job job) {
        return strand(name, workClass, budgetNs, job);
    }

    @Override
    public List<StrandStats> strands() {
        return strands.stream().map(ManualStrand::stats).toList();
    }

    /** Runs whatever is ready until nothing is. */
    void run() {
        boolean ran;
        do {
            ran = false;
            for (int i = 0; i < strands.size(); i++) {
                ran |= strands.get(i).run();
            }
        } while (ran);
    }

    ManualStrand named(String part) {
        return strands.reversed().stream().filter(strand -> strand.name.contains(part)).findFirst().orElseThrow();
    }

    /** A strand whose account the test writes. */
    static final class ManualStrand implements Strand {
        final String name;
        private final WorkClass workClass;
        private final Job job;
        long runs;
        long allocated;
        long runningNs;
        boolean stuck;
        boolean closes = true;
        boolean held;
        boolean admitted;
        boolean demoted;
        private boolean closed;
        private boolean ready;

        ManualStrand(String name, WorkClass workClass, Job job) {
            this.name = name;
            this.workClass = workClass;
            this.job = job;
        }

        boolean run() {
            if (!ready || closed || held) {
                return false;
            }
            ready = false;
            runs++;
            try {
                ready |= job.run() != Job.DONE;
            } catch (Exception thrown) {
                throw new AssertionError("a stage keeps what its analyser throws", thrown);
            }
            return true;
        }

        @Override
        public void ready(long deadlineNs) {
            ready = true;
        }

        @Override
        public void admit() {
            admitted = true;
            demoted = false;
        }

        @Override
        public void demote() {
            demoted = true;
        }

        @Override
        public StrandStats stats() {
            return new StrandStats(name, workClass, runs, 0, 0, "", 10 * runs, 20 * runs, 5, allocated, runningNs,
                    stuck);
        }

        @Override
        public boolean close(Duration atMost) {
            closed = true;
            return closes;
        }
    }
}
