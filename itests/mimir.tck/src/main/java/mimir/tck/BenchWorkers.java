// SPDX-License-Identifier: Apache-2.0
package mimir.tck;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import mimir.api.work.Task;
import mimir.api.work.ThreadStats;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;
import mimir.api.work.Workers;

/**
 * Workers without threads: a task makes one turn when the bench says so, and comes to its end when it is stopped.
 * Confined.
 */
final class BenchWorkers implements Workers {
    private final List<BenchWorker> workers = new ArrayList<>();

    @Override
    public Worker start(String name, WorkClass workClass, boolean media, Task task) {
        var worker = new BenchWorker(name, task);
        workers.add(worker);
        return worker;
    }

    @Override
    public Adopted adopt(String name, long tid, WorkClass workClass, LongSupplier items) {
        throw new IllegalStateException("a test bench has no native threads: " + name);
    }

    @Override
    public List<ThreadStats> threads() {
        return List.of();
    }

    /** One turn of the worker of a name. */
    void turn(String name) {
        for (var worker : List.copyOf(workers)) {
            if (worker.name.equals(name)) {
                worker.run(1);
            }
        }
    }

    private final class BenchWorker implements Worker {
        private final String name;
        private final Task task;
        private int turns;

        BenchWorker(String name, Task task) {
            this.name = name;
            this.task = task;
        }

        void run(int most) {
            turns = most;
            try {
                task.run(this);
            } catch (Exception unexpected) {
                throw new IllegalStateException("the worker " + name + " let an exception through: "
                        + unexpected.getMessage(), unexpected);
            }
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public boolean stopping() {
            return turns-- <= 0;
        }

        @Override
        public void count(long items) {
            // the bench counts for itself
        }

        @Override
        public void pause(long ns) {
            // nobody waits here
        }

        @Override
        public void wake() {
            // nobody sleeps here
        }

        @Override
        public boolean stop(Duration atMost) {
            workers.remove(this);
            run(0);
            return true;
        }
    }
}
