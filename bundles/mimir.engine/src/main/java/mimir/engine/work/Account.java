// SPDX-License-Identifier: Apache-2.0
package mimir.engine.work;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import mimir.api.work.ThreadStats;
import mimir.api.work.WorkClass;

/**
 * The account of one thread: processor time and faults from /proc, allocation from the JVM. Thread-safe.
 *
 * @param javaThreadId id in the JVM, 0 for a thread of a fragment
 * @param stuck says whether the thread was asked to stop and did not
 */
record Account(String name, long tid, long javaThreadId, WorkClass workClass, boolean media, String policyAsked,
        LongSupplier items, BooleanSupplier stuck) {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    // Fields 10, 14 and 15 of proc(5) stat, counted from the third: the second, the name, may hold blanks.
    private static final int MINOR_FAULTS = 10 - 3;
    private static final int USER_TICKS = 14 - 3;
    private static final int SYSTEM_TICKS = 15 - 3;
    private static final long TICK_NS = 10_000_000; // USER_HZ is 100 for every program

    /** The account goes on in another class. */
    Account as(WorkClass other, String asked) {
        return new Account(name, tid, javaThreadId, other, media, asked, items, stuck);
    }

    ThreadStats stats(ThreadPolicy policy) {
        long allocated = javaThreadId == 0 ? 0 : Math.max(0, THREADS.getThreadAllocatedBytes(javaThreadId));
        var text = read("stat");
        var fields = text.substring(text.lastIndexOf(')') + 1).strip().split(" ");
        return new ThreadStats(name, tid, javaThreadId == 0, workClass, media, policyAsked, policy.granted(tid),
                processorNs(fields), allocated, items.getAsLong(), field(fields, MINOR_FAULTS), stuck.getAsBoolean());
    }

    /** To the nanosecond, or in ticks from a kernel without scheduler statistics. */
    private long processorNs(String[] fields) {
        var exact = read("schedstat");
        return exact.isEmpty() ? (field(fields, USER_TICKS) + field(fields, SYSTEM_TICKS)) * TICK_NS
                : Long.parseLong(exact.substring(0, exact.indexOf(' ')));
    }

    private static long field(String[] fields, int index) {
        return index < fields.length ? Long.parseLong(fields[index]) : 0;
    }

    private String read(String file) {
        try {
            return Files.readString(Path.of("/proc/self/task", Long.toString(tid), file));
        } catch (IOException threadHasEnded) {
            return "";
        }
    }
}
