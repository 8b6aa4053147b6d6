// SPDX-License-Identifier: Apache-2.0
package mimir.engine.work;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import mimir.api.work.WorkClass;
import org.jctools.queues.varhandle.MpscVarHandleArrayQueue;

/**
 * The pool of one class, of those on trial for it, or of those of it that take long, from the first strand to the last:
 * a queue and the threads that serve it. Who makes a strand ready puts it into the inbox; threads move the inbox into
 * the queue when they take from it, behind a lock that only they take, for some tens of nanoseconds. Both have room for
 * {@link #MOST_STRANDS} from the beginning: a strand stands there at most once, and one more than that is refused when
 * it is opened. Thread-safe.
 */
final class Pool {
    /** Strands that fit: six cameras with the chain of four stages are 24. */
    static final int MOST_STRANDS = 1_024;

    private static final int SPINS = 200;
    private static final long REST_NS = 20_000;
    private static final VarHandle LOCKED;

    static {
        try {
            LOCKED = MethodHandles.lookup().findVarHandle(Pool.class, "locked", boolean.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final PoolSet home;
    private final String name;
    private final WorkClass workClass;
    private final Kind kind;
    private final LongSupplier clock;
    private final Tickets tickets = new Tickets();
    private final PoolThread[] threads; // guarded by home; who wakes one got its place from it, through the tickets
    private final MpscVarHandleArrayQueue<PooledStrand> inbox = new MpscVarHandleArrayQueue<>(MOST_STRANDS);
    private final DeadlineQueue queue = new DeadlineQueue(MOST_STRANDS); // guarded by LOCKED, as taking from the inbox
    private final AtomicInteger standing = new AtomicInteger(); // strands that are, or may yet come, into the queue
    private boolean locked; // through LOCKED only
    private volatile boolean disorder;
    private volatile boolean over;
    private int made; // guarded by home

    /** Whose pool it is: those that behave, those that have to show it, those that do not. */
    enum Kind {
        ADMITTED(""), TRIAL("trial-"), LONG("long-");

        private final String prefix;

        Kind(String prefix) {
            this.prefix = prefix;
        }

        String name(WorkClass workClass) {
            return prefix + workClass.name().toLowerCase(Locale.ROOT);
        }
    }

    /** A pool without threads. */
    Pool(PoolSet home, Kind kind, WorkClass workClass, int size, LongSupplier clock) {
        this.home = home;
        this.name = kind.name(workClass);
        this.kind = kind;
        this.workClass = workClass;
        this.clock = clock;
        threads = new PoolThread[Math.min(size, Tickets.THREADS)];
    }

    String name() {
        return name;
    }

    boolean isForLong() {
        return kind == Kind.LONG;
    }

    /** Moves a strand of this pool's class to those that take long; false when it cannot be. By the strand's run. */
    boolean takeAside(PooledStrand strand) {
        return home.takeAside(strand);
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

    /** Puts a strand into the queue for the thread that calls, which keeps its ticket. Never waits: there is room. */
    void put(PooledStrand strand) {
        if (!inbox.offer(strand)) {
            throw new IllegalStateException("a strand stood twice in the queue of the pool " + name);
        }
    }

    /** A strand in the queue has become more urgent. Any thread. */
    void disorder() {
        disorder = true;
    }

    /** The most urgent strand. A thread of the pool, with a ticket: so there is one. */
    PooledStrand take() {
        PooledStrand first;
        int spins = 0;
        do { // more than once only when somebody else, who began to put his own before, lost his processor meanwhile
            rest(spins++);
            lock();
            if (disorder) {
                disorder = false;
                queue.reorder(nowNs());
            }
            empty();
            first = queue.poll();
            unlock();
        } while (first == null);
        return first;
    }

    /** From the inbox into the queue, in order of arrival. */
    private void empty() {
        var strand = inbox.relaxedPoll();
        for (long nowNs = strand == null ? 0 : nowNs(); strand != null; strand = inbox.relaxedPoll()) {
            queue.add(strand, nowNs);
        }
    }

    private void lock() {
        for (int spins = 1; !LOCKED.compareAndSet(this, false, true); spins++) {
            rest(spins);
        }
    }

    /** Parks only when whoever is waited for lost its processor. */
    private static void rest(int spins) {
        if (spins > SPINS) {
            LockSupport.parkNanos(REST_NS);
        } else if (spins > 0) {
            Thread.onSpinWait();
        }
    }

    private void unlock() {
        LOCKED.setRelease(this, false);
    }

    /** Keeps room for one more strand; false when there is none. */
    boolean enter() {
        if (standing.incrementAndGet() > MOST_STRANDS) {
            standing.decrementAndGet();
            return false;
        }
        return true;
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
                    // on trial, and where all is slow, code is loaded: nobody holds that against its threads
                    thread.startedAs(makes.start(home, called, workClass, kind == Kind.ADMITTED, thread));
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
