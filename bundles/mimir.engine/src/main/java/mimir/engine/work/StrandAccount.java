// SPDX-License-Identifier: Apache-2.0
package mimir.engine.work;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLongArray;
import mimir.api.work.StrandStats;
import mimir.api.work.WorkClass;

/** What the runs of one strand cost. Single-writer: the thread that runs it, one at a time; anybody reads. */
final class StrandAccount {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int RUNS = 0;
    private static final int MISSES = 1;
    private static final int FAILURES = 2;
    private static final int CPU_NS = 3;
    private static final int BUSY_NS = 4;
    private static final int LONGEST_NS = 5;
    private static final int ALLOCATED = 6;
    private static final int BEGAN_NS = 7; // of the run in hand; 0: none
    private static final int RUNNER = 8;   // id of its thread; 0: none, or what it allocated is counted already
    private static final int ALLOCATED_BEFORE = 9;
    private static final int VALUES = 10;
    private static final int LONGEST_MESSAGE = 500;

    private final AtomicLongArray values = new AtomicLongArray(VALUES);
    private volatile String failure = "";
    private long cpuBefore; // of the run in hand

    void begin(long nowNs) {
        values.setOpaque(BEGAN_NS, nowNs);
        cpuBefore = THREADS.getCurrentThreadCpuTime();
        values.setOpaque(ALLOCATED_BEFORE, THREADS.getCurrentThreadAllocatedBytes());
        values.setRelease(RUNNER, Thread.currentThread().threadId());
    }

    /** What the run took on this thread; the time comes last, with {@link #end}. */
    void measure() {
        long more = THREADS.getCurrentThreadAllocatedBytes() - values.getPlain(ALLOCATED_BEFORE);
        values.setOpaque(RUNNER, 0);
        values.setRelease(ALLOCATED, values.getPlain(ALLOCATED) + more); // who sees them sees no runner that has them
        add(CPU_NS, THREADS.getCurrentThreadCpuTime() - cpuBefore);
    }

    void end(long nowNs, boolean missed) {
        long took = nowNs - values.getPlain(BEGAN_NS);
        add(BUSY_NS, took);
        if (took > values.getPlain(LONGEST_NS)) {
            values.setOpaque(LONGEST_NS, took);
        }
        if (missed) {
            add(MISSES, 1);
        }
        values.setOpaque(BEGAN_NS, 0);
        values.setRelease(RUNS, values.getPlain(RUNS) + 1); // last: who sees the run sees what it cost
    }

    private void add(int index, long more) {
        values.setOpaque(index, values.getPlain(index) + more);
    }

    /** Allocates, as the exception did. */
    void failed(Throwable thrown) {
        failure = message(thrown);
        add(FAILURES, 1);
    }

    /** The exception may be of anybody's making, and its message may throw or have no end. */
    private static String message(Throwable thrown) {
        try {
            var said = thrown.getMessage();
            var text = said == null || said.isBlank() ? thrown.getClass().getName() : said;
            return text.length() > LONGEST_MESSAGE ? text.substring(0, LONGEST_MESSAGE) + "…" : text;
        } catch (Throwable worse) {
            return "an exception whose message cannot be had";
        }
    }

    /** By all runs, the one in hand included. */
    private long allocated() {
        long runs = values.getAcquire(RUNS);
        long runner = values.getAcquire(RUNNER);
        long before = values.getOpaque(ALLOCATED_BEFORE);
        long ended = values.getAcquire(ALLOCATED);
        if (runner == 0) {
            return ended;
        }
        long now = THREADS.getThreadAllocatedBytes(runner);
        boolean same = values.getAcquire(RUNNER) == runner && values.getAcquire(RUNS) == runs;
        return same && now > before ? ended + now - before : ended;
    }

    /** @param abandoned the run in hand has no place in a pool: it is stuck after its limit, or when it was given up */
    StrandStats stats(String name, WorkClass workClass, long nowNs, long limitNs, boolean abandoned, boolean givenUp) {
        long runs = values.getAcquire(RUNS);
        long began = values.getOpaque(BEGAN_NS);
        boolean stuck = abandoned && began != 0 && (givenUp || nowNs - began > limitNs);
        return new StrandStats(name, workClass, runs, values.getOpaque(MISSES), values.getOpaque(FAILURES), failure,
                values.getOpaque(CPU_NS), values.getOpaque(BUSY_NS), values.getOpaque(LONGEST_NS),
                allocated(), began == 0 ? 0 : Math.max(1, nowNs - began), stuck);
    }
}
