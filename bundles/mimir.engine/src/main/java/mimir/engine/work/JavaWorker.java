// SPDX-License-Identifier: Apache-2.0
package mimir.engine.work;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import mimir.api.work.Task;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;

/**
 * One Java thread. Thread-safe; {@link #count} and {@link #pause} belong to the thread itself.
 */
final class JavaWorker implements Worker {
    private static final VarHandle ITEMS;

    static {
        try {
            ITEMS = MethodHandles.lookup().findVarHandle(JavaWorker.class, "items", long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final String name;
    private final Thread thread;
    private volatile boolean stopping;
    private volatile boolean stuck;
    private long items;

    /**
     * A worker that is not started yet.
     *
     * @param begin called on the thread before the task, with the worker
     * @param end called on the thread after it
     * @param failed told an exception that ended the task
     */
    JavaWorker(String name, WorkClass workClass, Task task, Consumer<JavaWorker> begin, Consumer<JavaWorker> end,
            Consumer<Throwable> failed) {
        this.name = name;
        thread = Thread.ofPlatform().name("mimir-" + name).daemon(true).unstarted(() -> {
            begin.accept(this);
            try {
                task.run(this);
            } catch (InterruptedException asked) {
                Thread.currentThread().interrupt(); // somebody ended it in the JVM's own way: that is an end, not a failure
            } catch (Throwable failure) {
                failed.accept(failure);
            } finally {
                end.accept(this);
            }
        });
    }

    void start() {
        thread.start();
    }

    long javaThreadId() {
        return thread.threadId();
    }

    long items() {
        return (long) ITEMS.getOpaque(this);
    }

    boolean stuck() {
        return stuck;
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
    public void count(long handled) {
        ITEMS.setOpaque(this, items + handled);
    }

    @Override
    public void pause(long ns) {
        if (!stopping && ns > 0) {
            LockSupport.parkNanos(ns); // a wake that came before leaves a permit, so it is never lost
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
        if (Thread.currentThread() == thread) {
            return false; // a task that stops itself ends when it returns
        }
        boolean interrupted = false;
        boolean ended = false;
        try {
            ended = thread.join(atMost);
        } catch (InterruptedException whileWaiting) {
            interrupted = true;
        }
        stuck = !ended;
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return ended;
    }
}
