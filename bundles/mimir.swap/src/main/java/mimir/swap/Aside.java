// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;
import mimir.api.work.Workers;
import org.osgi.framework.BundleException;

/**
 * A call into the code of others on a thread of its own: one that never comes back must not keep the one who swaps.
 * Confined to the thread that swaps.
 */
final class Aside {
    private static final Duration JOIN = Duration.ofSeconds(1);
    private static final Duration BETWEEN = Duration.ofMillis(50);

    private final CompletableFuture<Void> returned = new CompletableFuture<>();
    private final AtomicReference<Thread> inside = new AtomicReference<>();
    private final Worker worker;

    /** What is called. */
    interface Call {
        void run() throws BundleException, IOException;
    }

    /** Begins the call; urgent, for the gap lasts until it is back. */
    Aside(Workers workers, Call call) {
        worker = workers.start("swap", WorkClass.HIGH, false, self -> {
            inside.set(Thread.currentThread());
            try {
                call.run();
                returned.complete(null);
            } catch (BundleException | IOException | RuntimeException | LinkageError failure) {
                returned.completeExceptionally(failure);
            } finally {
                inside.set(null);
            }
        });
    }

    /** True when the call has come back in time, whatever it came to. */
    boolean isBack(Duration patience) throws InterruptedException {
        var deadline = new Deadline(patience);
        while (true) {
            try {
                returned.get(Deadline.LOOK_NS, TimeUnit.NANOSECONDS);
            } catch (ExecutionException failure) {
                return true; // result() tells it
            } catch (TimeoutException goesOn) {
                if (!deadline.passed()) {
                    continue;
                }
                return returned.isDone();
            }
            return true;
        }
    }

    /**
     * Asks whoever waits in there for something that never comes to give that up, again and again: what one gives up
     * the next may try. True when the call has come back.
     */
    boolean isBackInterrupted(Duration patience) throws InterruptedException {
        var deadline = new Deadline(patience);
        do {
            var thread = inside.get();
            if (thread != null) {
                thread.interrupt();
            }
            if (isBack(BETWEEN)) {
                return true;
            }
        } while (!deadline.passed());
        return false;
    }

    /** Ends the thread of a call that has come back, and tells what the call threw. */
    void result() throws BundleException, InterruptedException {
        worker.stop(JOIN);
        try {
            returned.get();
        } catch (ExecutionException failure) {
            var cause = failure.getCause();
            throw cause instanceof BundleException known ? known
                    : new BundleException(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
        }
    }

    /** What the call came to is of no interest any more; if it never came back, its thread is counted as stuck. */
    void abandon() {
        worker.stop(returned.isDone() ? JOIN : Duration.ZERO);
    }
}
