// SPDX-License-Identifier: Apache-2.0
package mimir.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The threads of a trial. Benchmarks run without the engine, so this is the one place of this module that makes
 * threads. Confined to the thread that makes it.
 */
public final class Crew implements AutoCloseable {
    private static final long PATIENCE_S = 120;

    private final List<FutureTask<Void>> tasks = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    /** A task that may fail. */
    @FunctionalInterface
    public interface Task {
        /** Runs in a thread of its own. */
        void run() throws Exception;
    }

    /** Starts a thread. */
    public void start(String name, Task task) {
        Callable<Void> call = () -> {
            task.run();
            return null;
        };
        var future = new FutureTask<>(call);
        var thread = new Thread(future, name);
        thread.setDaemon(true); // a trial that hangs ends with its process
        tasks.add(future);
        threads.add(thread);
        thread.start();
    }

    /** Waits for all that were started and hands on the first failure. */
    public void join() throws Exception {
        for (var task : tasks) {
            try {
                task.get(PATIENCE_S, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof Exception cause ? cause : new IllegalStateException(e.getCause());
            } catch (TimeoutException e) {
                throw new IllegalStateException("a thread of the trial did not end within " + PATIENCE_S + " s", e);
            }
        }
        tasks.clear();
        threads.clear();
    }

    /** Ends what still runs. */
    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }
}
