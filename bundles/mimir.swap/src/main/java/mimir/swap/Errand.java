// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;
import mimir.api.work.Workers;

/**
 * What must not be left half-done, on a thread of its own: who asked for it may be interrupted at any moment, as a
 * caller's connection breaks or somebody types Ctrl-C. That ends the waiting and nothing else. Thread-safe.
 */
public final class Errand<T> {
    private static final Duration JOIN = Duration.ofSeconds(1);

    private final CompletableFuture<T> done = new CompletableFuture<>();
    private final Worker worker;

    /** Begins it on a thread of this name. */
    public Errand(Workers workers, String name, Supplier<T> work) {
        worker = workers.start(name, WorkClass.NORMAL, false, self -> {
            try {
                done.complete(work.get());
            } catch (RuntimeException | Error failure) {
                done.completeExceptionally(failure);
            }
        });
    }

    /**
     * Waits for its end. What it throws is thrown here. Blocks.
     *
     * @param goesOn sentence for one who is interrupted meanwhile
     * @throws IllegalStateException with that sentence
     */
    public T result(String goesOn) {
        try {
            var result = done.get();
            worker.stop(JOIN);
            return result;
        } catch (InterruptedException gone) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(goesOn, gone);
        } catch (ExecutionException failure) {
            worker.stop(JOIN);
            if (failure.getCause() instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) failure.getCause();
        }
    }
}
