// SPDX-License-Identifier: Apache-2.0
package mimir.recording;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import mimir.api.work.Task;
import mimir.api.work.ThreadStats;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;
import mimir.api.work.Workers;

/** Plain threads in place of the engine's. Thread-safe. */
public final class TestWorkers implements Workers {
    @Override
    public Worker start(String name, WorkClass workClass, boolean media, Task task) {
        return new Plain(name, task);
    }

    @Override
    public Adopted adopt(String name, long tid, WorkClass workClass, LongSupplier items) {
        throw new IllegalStateException("recordings have no native threads");
    }

    @Override
    public List<ThreadStats> threads() {
        return List.of();
    }

    private static final class Plain implements Worker {
        private final Thread thread;
        private volatile boolean stopping;

        Plain(String name, Task task) {
            thread = Thread.ofPlatform().name(name).daemon().start(() -> {
                try {
                    task.run(this);
                } catch (Exception broken) {
                    throw new IllegalStateException(name + " ended", broken);
                }
            });
        }

        @Override
        public String name() {
            return thread.getName();
        }

        @Override
        public boolean stopping() {
            return stopping;
        }

        @Override
        public void count(long items) {
            // nobody reads accounts here
        }

        @Override
        public void pause(long ns) {
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
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }
}
