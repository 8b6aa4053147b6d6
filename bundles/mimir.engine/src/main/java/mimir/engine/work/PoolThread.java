// SPDX-License-Identifier: Apache-2.0
package mimir.engine.work;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import mimir.api.work.Task;
import mimir.api.work.Worker;

/**
 * A thread of a pool: runs what is most urgent, one after the other. Once it is abandoned it ends with its run: another
 * one has its place, and a thread that was demoted may not be allowed back. Thread-safe; the runs are the thread's own.
 */
final class PoolThread implements Task {
    private static final long ABANDONED = Long.MIN_VALUE;
    private static final long LONG_NS = 3_600_000_000_000L;
    private static final long MOST_NS = 1_000_000_000; // of a run in its place, whatever time it was said to take
    private static final VarHandle RUN;

    static {
        try {
            RUN = MethodHandles.lookup().findVarHandle(PoolThread.class, "run", long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final Pool pool;
    private final Tickets tickets;
    private final int place;
    private volatile Thread thread;
    private volatile Worker worker;
    private volatile boolean gone;
    private long run;            // through RUN: odd while one goes on
    private PooledStrand strand; // of that run, this and the next; written before it is odd
    private long beganNs;

    /**
     * A thread that is not started yet.
     *
     * @param place which of the threads of the pool it is, from 0
     */
    PoolThread(Pool pool, Tickets tickets, int place) {
        this.pool = pool;
        this.tickets = tickets;
        this.place = place;
    }

    @Override
    public void run(Worker self) {
        thread = Thread.currentThread();
        worker = self;
        if (self instanceof JavaWorker own) {
            own.ignoreInterrupts(); // whose job has run here knows the thread
        }
        try {
            while (ticket()) {
                boolean kept = true;
                while (kept) {
                    kept = pool.take().run(this);
                    self.count(1);
                    Thread.interrupted(); // whatever the job did to its thread, the next one finds it unharmed
                }
            }
        } finally {
            gone = true;
        }
    }

    private boolean ticket() {
        if (abandoned() || pool.over()) {
            return false;
        }
        if (!tickets.take(place)) {
            while (tickets.waits(place)) {
                if (pool.over() || worker.stopping() && tickets.leave(place)) {
                    return false;
                }
                worker.pause(LONG_NS);
            }
        }
        return true;
    }

    /** Called by whoever gave it a ticket. Any thread. */
    void wake() {
        worker.wake();
    }

    void begin(PooledStrand begun, long nowNs) {
        strand = begun;
        beganNs = nowNs;
        RUN.setRelease(this, run + 1);
    }

    /** The job has returned; false when the thread was abandoned meanwhile. */
    boolean end() {
        long mine = (long) RUN.getOpaque(this);
        return mine != ABANDONED && RUN.compareAndSet(this, mine, mine + 1);
    }

    /** Abandons the thread when the run in hand has lasted too long for a place. Returns the strand, or null. */
    PooledStrand abandonOverdue(long nowNs) {
        long seen = (long) RUN.getAcquire(this);
        if ((seen & 1) == 0) {
            return null;
        }
        var overdue = strand;
        return nowNs - beganNs > MOST_NS && RUN.compareAndSet(this, seen, ABANDONED) ? overdue : null;
    }

    /** Abandons it whatever the time; false when the run has just ended. */
    boolean abandon() {
        long seen = (long) RUN.getAcquire(this);
        return seen == ABANDONED || (seen & 1) != 0 && RUN.compareAndSet(this, seen, ABANDONED);
    }

    boolean abandoned() {
        return (long) RUN.getAcquire(this) == ABANDONED;
    }

    /** True when it ended, for whatever reason. */
    boolean gone() {
        return gone;
    }

    /** True on the thread itself. */
    boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    void interrupt() {
        thread.interrupt();
    }

    Worker worker() {
        return worker;
    }

    int place() {
        return place;
    }

    Pool pool() {
        return pool;
    }

    /** Marks the thread as one that was asked to stop and did not. */
    void leaveAlone() {
        worker.stop(Duration.ZERO);
    }

    /** What started it knows its worker before it runs. */
    void startedAs(Worker started) {
        worker = started;
    }
}
