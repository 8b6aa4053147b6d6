// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import mimir.api.work.Task;
import mimir.api.work.ThreadStats;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;
import mimir.api.work.Workers;

/** Plain threads in place of the engine's. Thread-safe. */
final class TestWorkers implements Workers {
    final Map<String, TestWorker> started = new ConcurrentHashMap<>();
    final Map<String, WorkClass> classes = new ConcurrentHashMap<>();
    private final Set<String> held = ConcurrentHashMap.newKeySet();

    /** The worker of this name gets its thread, but the test starts it. */
    void hold(String name) {
        held.add(name);
    }

    @Override
    public Worker start(String name, WorkClass workClass, boolean media, Task task) {
        var worker = new TestWorker(name, task);
        started.put(name, worker);
        classes.put(name, workClass);
        if (!held.contains(name)) {
            worker.thread.start();
        }
        return worker;
    }

    @Override
    public Adopted adopt(String name, long tid, WorkClass workClass, LongSupplier items) {
        throw new AssertionError("the reservoir has no native thread");
    }

    @Override
    public List<ThreadStats> threads() {
        return List.of();
    }

    /** Thread-safe. */
    static final class TestWorker implements Worker {
        final Thread thread;
        final String name;
        volatile Throwable failure;
        volatile long pauses; // its own thread writes
        volatile long pausedNs;
        private volatile boolean stopping;

        TestWorker(String name, Task task) {
            this.name = name;
            this.thread = Thread.ofPlatform().name(name).daemon().unstarted(() -> {
                try {
                    task.run(this);
                } catch (Exception | AssertionError wrong) {
                    failure = wrong;
                }
            });
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public boolean stopping() {
            return stopping;
        }

        @Override
        public void count(long items) {
            assert Thread.currentThread() == thread;
        }

        @Override
        public void pause(long ns) {
            pauses++;
            pausedNs += ns;
            if (!stopping) {
                LockSupport.parkNanos(ns);
            }
        }

        @Override
        public void wake() {
            LockSupport.unpark(thread);
        }

        @Override
        public boolean stop(Duration atMost) {
            stopping = true;
            wake();
            try {
                return thread.join(atMost);
            } catch (InterruptedException wrong) {
                throw new AssertionError(wrong);
            }
        }
    }
}
