// SPDX-License-Identifier: Apache-2.0
package mimir.engine.work;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import mimir.api.work.Pools.Job;
import mimir.api.work.Strand;
import mimir.api.work.StrandStats;
import mimir.api.work.WorkClass;

/**
 * A strand of a pool. One word holds its state and the earliest deadline that was asked for since the last run began;
 * whoever changes the state to QUEUED, and nobody else, puts it into the queue. Thread-safe.
 */
final class PooledStrand implements Strand {
    private static final int IDLE = 0;
    private static final int QUEUED = 1;
    private static final int RUNNING = 2;
    private static final int AGAIN = 3;   // runs, and there is more to do
    private static final int CLOSING = 4; // runs, and not again
    private static final int CLOSED = 5;
    private static final int STATE_BITS = 3;
    private static final int STATE = (1 << STATE_BITS) - 1;
    private static final long NO_DEADLINE = Long.MAX_VALUE >> STATE_BITS;
    private static final long EARLIEST = Long.MIN_VALUE >> STATE_BITS;
    private static final long LEAST_LIMIT_NS = 1_000_000_000;
    private static final VarHandle WORD;

    static {
        try {
            WORD = MethodHandles.lookup().findVarHandle(PooledStrand.class, "word", long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final Pool home;    // of its class
    private volatile Pool pool; // where it runs; changed by the run that it leaves it with, before the word
    private volatile boolean admitted;
    private volatile boolean aside; // it belongs to those of its class that take long
    private boolean told;           // guarded by home's set, as is whoever asks
    private final Object owner;
    private final String name;
    private final WorkClass workClass;
    private final long limitNs;
    private final Job job;
    private final StrandAccount account = new StrandAccount();
    private long word = word(IDLE, NO_DEADLINE); // through WORD only
    private PoolThread runner; // of the last run; written before the word says RUNNING

    /** In {@code pool} as long as it is on trial, then in {@code home}. */
    PooledStrand(Pool pool, Pool home, Object owner, String name, WorkClass workClass, long budgetNs, Job job) {
        this.pool = pool;
        this.home = home;
        this.owner = owner;
        this.name = name;
        this.workClass = workClass;
        this.job = job;
        limitNs = budgetNs > Long.MAX_VALUE / 10 ? Long.MAX_VALUE : Math.max(LEAST_LIMIT_NS, 10 * budgetNs);
    }

    private static long word(int state, long deadline) {
        return deadline << STATE_BITS | state;
    }

    private static int state(long word) {
        return (int) word & STATE;
    }

    private static long deadline(long word) {
        return word >> STATE_BITS;
    }

    private static long bounded(long deadlineNs) {
        return Math.max(EARLIEST, Math.min(deadlineNs, NO_DEADLINE));
    }

    private long seen() {
        return (long) WORD.getVolatile(this);
    }

    /** By when it should run, as far as anybody asked so far. */
    long deadlineNs() {
        return deadline(seen());
    }

    WorkClass workClass() {
        return workClass;
    }

    /** True for the first time: who runs long again and again is told of once. */
    boolean untold() {
        boolean first = !told;
        told = true;
        return first;
    }

    Object owner() {
        return owner;
    }

    String name() {
        return name;
    }

    /** True when it runs there, or will. */
    boolean uses(Pool some) {
        return some == pool || some == home;
    }

    /**
     * The word is exchanged even when it stays the same: the run that begins next reads it, and so sees what the caller
     * wrote before.
     */
    @Override
    public void ready(long deadlineNs) {
        long asked = bounded(deadlineNs);
        while (true) {
            long seen = seen();
            int state = state(seen);
            if (state >= CLOSING) {
                return;
            }
            int next = state == IDLE ? QUEUED : state == RUNNING ? AGAIN : state;
            if (WORD.compareAndSet(this, seen, word(next, Math.min(asked, deadline(seen))))) {
                if (state == IDLE) {
                    pool.post(this);
                } else if (state == QUEUED && asked < deadline(seen)) {
                    pool.disorder();
                }
                return;
            }
        }
    }

    /** Runs once, with a ticket; true when it is in the queue again and the ticket with the thread. */
    boolean run(PoolThread by) {
        long nowNs = pool.nowNs();
        by.begin(this, nowNs); // before the word, so that who closes it finds a run that has begun
        runner = by;
        long queued = seen();
        while (state(queued) == QUEUED && !WORD.compareAndSet(this, queued, word(RUNNING, NO_DEADLINE))) {
            queued = seen();
        }
        if (state(queued) != QUEUED) {
            by.end();
            left();
            return false; // closed while it stood in the queue
        }
        account.begin(nowNs);
        long next = work();
        long endNs = pool.nowNs();
        account.end(endNs, endNs > deadline(queued) && deadline(queued) != NO_DEADLINE);
        return ended(by, next);
    }

    private long work() {
        long next = Job.DONE;
        try {
            next = job.run();
        } catch (Throwable thrown) {
            if (!(thrown instanceof InterruptedException && state(seen()) == CLOSING)) {
                account.failed(thrown);
            }
        }
        account.measure();
        return next;
    }

    private boolean ended(PoolThread by, long next) {
        boolean stays = !moves();
        boolean keeps = by.end() && stays;
        while (true) {
            long seen = seen();
            if (state(seen) == CLOSING) {
                closed();
                return false;
            }
            boolean more = next != Job.DONE || state(seen) == AGAIN;
            long due = next == Job.DONE ? deadline(seen) : Math.min(deadline(seen), bounded(next));
            if (WORD.compareAndSet(this, seen, more ? word(QUEUED, due) : word(IDLE, NO_DEADLINE))) {
                if (more && !keeps) {
                    pool.post(this);
                } else if (more) {
                    pool.put(this);
                }
                return more && keeps;
            }
        }
    }

    /** Where it goes it is given a ticket of its own; the one that it had stays with the thread that it leaves. */
    private boolean moves() {
        var from = pool;
        boolean away = aside;
        if (away ? from.isForLong() || !home.takeAside(this) : !admitted || from == home) {
            return false;
        }
        if (!away) {
            pool = home;
        }
        if (from != home) {
            from.out(); // it keeps its place at home all the time
        }
        return true;
    }

    /** It has a place there from now on. By the run that it leaves its pool with. */
    void into(Pool other) {
        pool = other;
    }

    @Override
    public void admit() {
        admitted = true;
        aside = false;
    }

    @Override
    public void demote() {
        aside = true;
    }

    /** Will stand in no queue any more. */
    private void left() {
        if (pool != home) {
            pool.out(); // first: who is on trial always has a place in both
        }
        home.out();
    }

    /** Behind the monitor, so that an interrupt meant for this run comes before the thread clears it, or not at all. */
    private void closed() {
        synchronized (this) {
            WORD.setVolatile(this, word(CLOSED, NO_DEADLINE));
            notifyAll();
        }
        left();
        home.closed(this);
    }

    @Override
    public StrandStats stats() {
        int state = state(seen());
        boolean runs = state == RUNNING || state == AGAIN || state == CLOSING;
        return account.stats(name, workClass, home.nowNs(), limitNs, runs && runner.abandoned(), state == CLOSING);
    }

    @Override
    public boolean close(Duration atMost) {
        if (!ask()) {
            return true;
        }
        return !runner.isCurrent() && (await(atMost) || !pool.giveUp(this, runner));
    }

    /** No run begins after this; true when one goes on, which is interrupted. */
    boolean ask() {
        while (true) {
            long seen = seen();
            int state = state(seen);
            if (state == CLOSED) {
                return false;
            }
            boolean runs = state != IDLE && state != QUEUED;
            if (WORD.compareAndSet(this, seen, word(runs ? CLOSING : CLOSED, NO_DEADLINE))) {
                if (runs) {
                    interrupt();
                    return true;
                }
                if (state == IDLE) {
                    left(); // else it is when its turn comes
                }
                home.closed(this);
                return false;
            }
        }
    }

    private synchronized void interrupt() {
        if (state(seen()) == CLOSING && !runner.isCurrent()) {
            runner.interrupt();
        }
    }

    private synchronized boolean await(Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        boolean interrupted = false;
        for (long left = atMost.toNanos(); state(seen()) != CLOSED && left > 0; left = deadline - System.nanoTime()) {
            try {
                wait(left / 1_000_000, (int) (left % 1_000_000));
            } catch (InterruptedException again) {
                interrupted = true; // whoever frees memory next must know whether the run has ended
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return state(seen()) == CLOSED;
    }
}
