// SPDX-License-Identifier: Apache-2.0
package mimir.engine.work;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import mimir.api.work.Pools.Job;
import mimir.api.work.StrandStats;
import mimir.api.work.WorkClass;
import mimir.api.work.Worker;
import mimir.ring.HostClock;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;

/**
 * The pools of this process, for each class one for its strands, one for those on trial and one for those that take
 * long, and the watch over what runs in them. Thread-safe.
 */
@Component(service = PoolSet.class)
public final class PoolSet {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final long LOOK_NS = 250_000_000;

    private final Threads threads;
    private final Logger log;
    private final int size;
    private final LongSupplier clock;
    private final Set<PooledStrand> strands = ConcurrentHashMap.newKeySet();
    private final Map<String, Pool> pools = new HashMap<>(); // guarded by this, as the next
    private final Set<PooledStrand> open = new HashSet<>();
    private long refused;             // strands; guarded by this, as the next
    private Worker watch;
    private volatile Object watching; // changed by the holder of this; the watch ends when it is not its own

    /** As many threads a pool as there are processors, at least two: one strand that sleeps holds nobody up. */
    @Activate
    public PoolSet(@Reference(service = LoggerFactory.class) Logger log, @Reference Threads threads) {
        this(log, threads, Math.max(2, Runtime.getRuntime().availableProcessors()), HostClock::nowNs);
    }

    PoolSet(Logger log, Threads threads, int size, LongSupplier clock) {
        this.log = log;
        this.threads = threads;
        this.size = size;
        this.clock = clock;
    }

    /** Opens a strand for {@code owner}, which is shown as its text; on trial, or in the pool of its class. */
    synchronized PooledStrand open(Object owner, String name, WorkClass workClass, long budgetNs, boolean onTrial,
            Job job) {
        check(name, workClass, budgetNs);
        var home = entered(pool(Pool.Kind.ADMITTED, workClass), name);
        var first = onTrial ? pool(Pool.Kind.TRIAL, workClass) : home;
        var strand = new PooledStrand(first, home, owner, name, workClass, budgetNs, job);
        open.add(strand);
        try {
            home.fill(threads);
            first.fill(threads);
            watch();
        } catch (IllegalStateException noThread) {
            home.out();
            leave(strand);
            throw noThread;
        }
        if (first != home) {
            first.enter(); // there is room: who is on trial has a place in both
        }
        strands.add(strand);
        return strand;
    }

    /** With a place for one more strand: the queues of a pool do not grow, so nobody who makes one ready ever waits. */
    private Pool entered(Pool pool, String name) {
        if (!pool.enter()) {
            throw new IllegalStateException("the pool " + pool.name() + " has its " + Pool.MOST_STRANDS
                    + " strands, which is all it takes; close one before you open " + name + " (" + ++refused
                    + " refused so far)");
        }
        return pool;
    }

    private Pool pool(Pool.Kind kind, WorkClass workClass) {
        return pools.computeIfAbsent(kind.name(workClass), name -> new Pool(this, kind, workClass, size, clock));
    }

    /** Moves a strand to those of its class that take long; false when there is no room or no thread. By its run. */
    synchronized boolean takeAside(PooledStrand strand) {
        var aside = pool(Pool.Kind.LONG, strand.workClass());
        boolean room = aside.enter();
        try {
            if (room) {
                aside.fill(threads);
                strand.into(aside);
            }
            return room;
        } catch (IllegalStateException noThread) { // its next run tries again
            aside.out();
            return false;
        } finally {
            shed();
        }
    }

    private static void check(String name, WorkClass workClass, long budgetNs) {
        if (workClass == WorkClass.CRITICAL) {
            throw new IllegalArgumentException("class CRITICAL has no pool, because nothing may keep capture waiting; "
                    + "give " + name + " a thread of its own (Workers) or the class HIGH");
        }
        if (budgetNs <= 0) {
            throw new IllegalArgumentException("the budget of " + name + " is " + budgetNs
                    + " ns; say how long one run should take at most");
        }
    }

    /** Of class HIGH: what rescues processors may not wait behind what it rescues them from. */
    private void watch() {
        if (watching == null) {
            var mine = new Object();
            watch = threads.start(this, "pool-watch", WorkClass.HIGH, false, self -> watch(self, mine));
            watching = mine;
        }
    }

    private void watch(Worker self, Object mine) {
        Throwable trouble = null;
        var told = "";
        do {
            self.pause(LOOK_NS); // first, for it may begin before it is named
            try {
                told = tell(trouble, told);
                trouble = null;
                look();
            } catch (RuntimeException | Error failure) {
                trouble = failure; // told at the next look: for want of memory one may fail
            }
        } while (watching == mine);
    }

    /** One that goes on is told once. */
    private String tell(Throwable trouble, String before) {
        var text = trouble == null ? "" : trouble.toString();
        if (!text.isEmpty() && !text.equals(before)) {
            log.warn("runs that last too long could not be looked for, and it is tried again: {}", text);
        }
        return text;
    }

    /** Finds runs that last too long. */
    synchronized void look() {
        long nowNs = clock.getAsLong();
        for (var pool : pools.values()) {
            pool.look(nowNs);
            refill(pool);
        }
        shed(); // the last strand on trial may have been admitted
    }

    private void refill(Pool pool) {
        try {
            pool.fill(threads);
        } catch (IllegalStateException noThread) { // the next look tries again
            log.warn("the pool {} is a thread short: {}", pool.name(), noThread.getMessage());
        }
    }

    /** A run has lasted too long; its thread has lost its place. Guarded by this. */
    void overdue(PooledStrand strand, PoolThread thread) {
        threads.demote(thread.worker());
        if (strand.untold()) {
            log.warn("strand {} of {} has run for more than a second: its thread goes on as class IDLE, another one "
                    + "takes its place in the pool", strand.name(), strand.owner());
        }
    }

    /** A closed strand did not end its run: its thread is left alone. */
    synchronized void givenUp(PooledStrand strand, PoolThread thread) {
        threads.demote(thread.worker());
        thread.leaveAlone();
        thread.pool().dismiss(thread);
        leave(strand);
        refill(thread.pool());
    }

    /** The last run of a closed strand has ended. */
    synchronized void closed(PooledStrand strand) {
        strands.remove(strand);
        leave(strand);
    }

    private void leave(PooledStrand strand) {
        if (open.remove(strand)) {
            shed();
        }
    }

    /** A pool goes with the last strand that runs there, the watch with the last pool. Guarded by this. */
    private void shed() {
        pools.values().removeIf(pool -> {
            boolean unused = open.stream().noneMatch(strand -> strand.uses(pool));
            if (unused) {
                pool.end();
            }
            return unused;
        });
        if (pools.isEmpty() && watching != null) {
            watching = null;
            watch.wake();
        }
    }

    List<StrandStats> stats() {
        return strands.stream().map(PooledStrand::stats)
                .sorted(Comparator.comparing(StrandStats::workClass).thenComparing(StrandStats::name)).toList();
    }

    /** Closes what is still open. */
    @Deactivate
    void close() {
        close(owner -> true, "the engine stops");
    }

    /** Closes what an owner left open when it went. */
    void closeOf(Object gone) {
        close(owner -> owner == gone, "its bundle is gone");
    }

    /** All are asked first, then waited for under one deadline; who does not end is named. */
    private void close(Predicate<Object> owned, String why) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        var left = strands.stream().filter(strand -> owned.test(strand.owner())).toList();
        left.forEach(PooledStrand::ask);
        left.forEach(strand -> {
            boolean ended = strand.close(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
            log.warn("strand {} of {} was left open ({}) and {}", strand.name(), strand.owner(), why,
                    ended ? "has been closed" : "did not end its run within a second; its thread is left alone");
        });
    }

    @Override
    public String toString() {
        return "the pools";
    }
}
