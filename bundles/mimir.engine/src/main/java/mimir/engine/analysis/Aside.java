// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * A call into a stranger's code on a thread of its own, because it may never come back: nobody waits for it with a lock
 * in hand. Thread-safe.
 *
 * @param <T> what it gives
 */
final class Aside<T> {
    private final long beganNs = System.nanoTime();
    private final CountDownLatch over = new CountDownLatch(1);
    private final Consumer<T> unwanted;
    private volatile T given;
    private volatile Throwable thrown;
    private Thread caller;  // guarded by this, as all below
    private boolean left;
    private boolean returned;

    private Aside(Consumer<T> unwanted) {
        this.unwanted = unwanted;
    }

    /**
     * Begins a call.
     *
     * @param threads runs something on a thread of that name
     * @param unwanted gets what the call gives when it was left meanwhile, on the same thread
     * @param told called when it is over
     * @throws IllegalStateException when there is no thread
     */
    static <T> Aside<T> begin(BiConsumer<String, Runnable> threads, String name, Callable<T> call,
            Consumer<T> unwanted, Runnable told) {
        var aside = new Aside<T>(unwanted);
        threads.accept(name, () -> {
            try {
                aside.run(call);
            } finally {
                told.run();
            }
        });
        return aside;
    }

    private void run(Callable<T> call) {
        synchronized (this) {
            caller = Thread.currentThread();
        }
        T mine = null;
        try {
            mine = call.call();
        } catch (Throwable strangers) { // whatever it throws is told by who waits for it
            thrown = strangers;
        }
        try {
            if (!give(mine) && mine != null) {
                unwanted.accept(mine);
            }
        } catch (Throwable strangers) { // the thread is the engine's, and who began the call waits for its end
            thrown = strangers;
        } finally {
            over.countDown();
        }
    }

    /** False when nobody wants it. An interrupt of who left is over with the call that it was meant for. */
    private synchronized boolean give(T mine) {
        returned = true;
        Thread.interrupted();
        given = left ? null : mine;
        return !left;
    }

    /** Waits for its end; false when it has not come. Blocks. */
    boolean await(Duration atMost) {
        boolean interrupted = false;
        long deadline = System.nanoTime() + atMost.toNanos();
        try {
            while (true) {
                try {
                    return over.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException again) {
                    interrupted = true; // a framework that stops wants its bundles' instances back first
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    boolean isOver() {
        return over.getCount() == 0;
    }

    /** How long it has lasted, ns; 0 when it is over. */
    long lastsNs() {
        return isOver() ? 0 : System.nanoTime() - beganNs;
    }

    /** What it gave; null when it is not over, has failed, or was left. */
    T given() {
        return given;
    }

    /** Why it failed, or null. */
    Throwable thrown() {
        return thrown;
    }

    /** Nobody waits for it any more: it is interrupted, and what it gives is unwanted. False when it has returned. */
    synchronized boolean leave() {
        if (returned) {
            return false;
        }
        left = true;
        if (caller != null) {
            caller.interrupt();
        }
        return true;
    }
}
