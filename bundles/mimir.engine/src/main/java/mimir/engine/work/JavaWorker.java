// SPDX-License-Identifier: Apache-2.0
package mimir.engine.work;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import mimir.api.work.Task;
import mimir.api.work.Worker;

/** One Java thread. Thread-safe; {@link #count} and {@link #pause} belong to the thread itself. */
final class JavaWorker implements Worker {
    private static final VarHandle ITEMS;
    private static final VarHandle WOKEN;
    private static final long LEAST_PAUSE_NS = 1_000_000;

    static {
        try {
            ITEMS = MethodHandles.lookup().findVarHandle(JavaWorker.class, "items", long.class);
            WOKEN = MethodHandles.lookup().findVarHandle(JavaWorker.class, "woken", boolean.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final String name;
    private final Thread thread;
    private volatile boolean stopping;
    private volatile boolean stuck;
    private volatile boolean deaf;
    private boolean woken; // through WOKEN only
    private long items;    // written by the thread itself, through ITEMS

    /**
     * A worker that is not started yet.
     *
     * @param begin called on the thread before the task, with the worker
     * @param end called on the thread after it
     * @param failed told an exception that ended the task
     */
    JavaWorker(String name, Task task, Consumer<JavaWorker> begin, Consumer<JavaWorker> end,
            Consumer<Throwable> failed) {
        this.name = name;
        thread = Thread.ofPlatform().name("mimir-" + name).daemon(true).unstarted(() -> {
            try {
                begin.accept(this);
                task.run(this);
            } catch (InterruptedException asked) {
                Thread.currentThread().interrupt(); // an end in the JVM's own way, not a failure
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

    /**
     * The flag, not the permit of {@link LockSupport}, remembers a wake: whatever parks inside the task may eat a
     * permit. A task that goes on after it was asked to stop, or after an interrupt, still sleeps: under SCHED_FIFO a
     * spinning thread takes the processor.
     */
    @Override
    public void pause(long ns) {
        if ((boolean) WOKEN.getAndSet(this, false)) {
            return;
        }
        if (Thread.interrupted() && !deaf) {
            stopping = true;
        }
        if (ns > 0) {
            LockSupport.parkNanos(stopping ? Math.min(ns, LEAST_PAUSE_NS) : ns);
            WOKEN.getAndSet(this, false); // in one step, so that the caller sees what the waker wrote before
        }
    }

    @Override
    public void wake() {
        WOKEN.setVolatile(this, true);
        LockSupport.unpark(thread);
    }

    /** From now on an interrupt does not ask the task to stop, for strangers' code runs on its thread. */
    void ignoreInterrupts() {
        deaf = true;
    }

    /** Asks the task to stop and does not wait. Any thread. */
    void ask() {
        stopping = true;
        wake();
    }

    @Override
    public boolean stop(Duration atMost) {
        ask();
        if (Thread.currentThread() == thread) {
            return false; // a task that stops itself ends when it returns
        }
        boolean ended = join(atMost);
        stuck = !ended;
        return ended;
    }

    private boolean join(Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return thread.join(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
                } catch (InterruptedException again) {
                    interrupted = true; // whoever frees memory next must know whether the thread has ended
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
