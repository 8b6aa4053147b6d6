// SPDX-License-Identifier: Apache-2.0
package mimir.shell.remote;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import mimir.api.work.Task;
import mimir.api.work.ThreadStats;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;
import mimir.api.work.Workers;

/** Plain threads. Thread-safe. */
final class TestWorkers implements Workers {
    private final Set<Thread> alive = ConcurrentHashMap.newKeySet();
    private final CountDownLatch begin;

    TestWorkers() {
        this(new CountDownLatch(0));
    }

    /** Whose tasks begin when that is open. */
    TestWorkers(CountDownLatch begin) {
        this.begin = begin;
    }

    @Override
    public Worker start(String name, WorkClass workClass, boolean media, Task task) {
        var worker = new OneThread(name);
        worker.thread = new Thread(() -> {
            try {
                begin.await();
                task.run(worker);
            } catch (Exception e) {
                throw new AssertionError(name, e);
            } finally {
                alive.remove(Thread.currentThread());
            }
        }, name);
        alive.add(worker.thread);
        worker.thread.start();
        return worker;
    }

    /** How many have not ended yet. */
    int count() {
        return alive.size();
    }

    @Override
    public Adopted adopt(String name, long tid, WorkClass workClass, LongSupplier items) {
        throw new AssertionError("no native thread here");
    }

    @Override
    public List<ThreadStats> threads() {
        return List.of();
    }

    private static final class OneThread implements Worker {
        private final String name;
        private volatile Thread thread;
        private volatile boolean stopping;

        OneThread(String name) {
            this.name = name;
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
            throw new AssertionError("no items here");
        }

        @Override
        public void pause(long ns) {
            LockSupport.parkNanos(ns);
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
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
