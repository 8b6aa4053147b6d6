// SPDX-License-Identifier: Apache-2.0
package mimir.engine.work;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import mimir.api.work.WorkClass;

/**
 * The pool of one class, or of those on trial for it, from the first strand to the last: a queue and the threads that
 * serve it. Who makes a strand
 * ready puts it into the inbox, a stack linked through the strands themselves; threads move the inbox into the queue
 * when they take from it, behind a lock that only they and makers of strands take, for some tens of nanoseconds.
 * Thread-safe.
 */
final class Pool {
    private static final int SPINS = 200;
    private static final long REST_NS = 20_000;
    private static final VarHandle INBOX;
    private static final VarHandle LOCKED;

    static {
        try {
            INBOX = MethodHandles.lookup().findVarHandle(Pool.class, "inbox", PooledStrand.class);
            LOCKED = MethodHandles.lookup().findVarHandle(Pool.class, "locked", boolean.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final PoolSet home;
    private final String name;
    private final WorkClass workClass;
    private final boolean media;
    private final LongSupplier clock;
    private final Tickets tickets = new Tickets();
    private final PoolThread[] threads; // guarded by home; who wakes one got its place from it, through the tickets
    private final DeadlineQueue queue = new DeadlineQueue(); // guarded by LOCKED
    private final AtomicInteger standing = new AtomicInteger(); // strands that are, or may yet come, into the queue
    private PooledStrand inbox; // through INBOX only
    private boolean locked;     // through LOCKED only
    private volatile boolean disorder;
    private volatile boolean over;
    private int made; // guarded by home

    /**
     * A pool without threads.
     *
     * @param media whether what its threads allocate is held against them
     */
    Pool(PoolSet home, String name, WorkClass workClass, boolean media, int size, LongSupplier clock) {
        this.home = home;
        this.name = name;
        this.media = media;
        this.workClass = workClass;
        this.clock = clock;
        threads = new PoolThread[Math.min(size, Tickets.THREADS)];
    }

    String name() {
        return name;
    }

    long nowNs() {
        return clock.getAsLong();
    }

    /** Puts a strand into the queue and calls a thread for it. Any thread. */
    void post(PooledStrand strand) {
        put(strand);
        int place = tickets.give();
        if (place >= 0) {
            threads[place].wake();
        }
    }

    /** Puts a strand into the queue for the thread that calls, which keeps its ticket. */
    void put(PooledStrand strand) {
        PooledStrand top;
        do {
            top = (PooledStrand) INBOX.getVolatile(this);
            strand.below(top);
        } while (!INBOX.compareAndSet(this, top, strand));
    }

    /** A strand in the queue has become more urgent. Any thread. */
    void disorder() {
        disorder = true;
    }

    /** The most urgent strand. A thread of the pool, with a ticket: so there is one. */
    PooledStrand take() {
        lock();
        if (disorder) {
            disorder = false;
            queue.reorder(nowNs());
        }
        empty();
        var first = queue.poll();
        unlock();
        return first;
    }

    /** From the inbox into the queue, in order of arrival: the stack has the last on top. */
    private void empty() {
        var strand = (PooledStrand) INBOX.getAndSet(this, (PooledStrand) null);
        PooledStrand first = null;
        while (strand != null) {
            var below = strand.below();
            strand.below(first);
            first = strand;
            strand = below;
        }
        long nowNs = first == null ? 0 : nowNs();
        while (first != null) {
            var next = first.below();
            first.below(null);
            queue.add(first, nowNs);
            first = next;
        }
    }

    /** Parks only when whoever has the lock lost its processor. */
    private void lock() {
        for (int spins = 0; !LOCKED.compareAndSet(this, false, true); spins++) {
            if (spins < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(REST_NS);
            }
        }
    }

    private void unlock() {
        LOCKED.setRelease(this, false);
    }

    /** Makes room for one more strand. */
    void enter() {
        int strands = standing.incrementAndGet();
        lock();
        try {
            queue.ensure(strands);
        } finally {
            unlock();
        }
    }

    /** A closed strand is not in the queue and will not come back. */
    void out() {
        standing.decrementAndGet();
    }

    boolean over() {
        return over;
    }

    /** A strand is closed; its last run has ended. */
    void closed(PooledStrand strand) {
        home.closed(strand);
    }

    /** Gives up a run that did not end when its strand was closed; false when it has ended just now. */
    boolean giveUp(PooledStrand strand, PoolThread runner) {
        if (!runner.abandon()) {
            return false;
        }
        home.givenUp(strand, runner);
        return true;
    }

    /** Starts a thread for each place that has none. Guarded by home. */
    void fill(Threads makes) {
        for (int place = 0; place < threads.length && !over; place++) {
            if (threads[place] == null) {
                var thread = new PoolThread(this, tickets, place);
                threads[place] = thread;
                try {
                    var called = "pool-" + name + "-" + ++made;
                    thread.startedAs(makes.start(home, called, workClass, media, thread));
                } catch (IllegalStateException noThread) {
                    threads[place] = null;
                    throw noThread;
                }
            }
        }
    }

    /** Threads that are too long at one piece, or gone, lose their places. Guarded by home. */
    void look(long nowNs) {
        for (int place = 0; place < threads.length; place++) {
            var thread = threads[place];
            var overdue = thread == null ? null : thread.abandonOverdue(nowNs);
            if (overdue != null) {
                threads[place] = null;
                home.overdue(overdue, thread);
            } else if (thread != null && thread.gone()) {
                threads[place] = null;
            }
        }
    }

    /** Takes its place from an abandoned thread. Guarded by home. */
    void dismiss(PoolThread thread) {
        if (threads[thread.place()] == thread) {
            threads[thread.place()] = null;
        }
    }

    /** The last strand is closed: the threads end. Guarded by home. */
    void end() {
        over = true;
        for (var thread : threads) {
            if (thread != null) {
                thread.wake();
            }
        }
    }
}
