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
record Account(String name, long tid, long javaThreadId, WorkClass workClass, boolean media, String policyAsked, LongSupplier items,
        BooleanSupplier stuck) {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int MINOR_FAULTS = 9 - 2; // field 10 of proc(5) stat, counted after the name, which may hold blanks

    ThreadStats stats(ThreadPolicy policy) {
        long allocated = javaThreadId == 0 ? 0 : Math.max(0, THREADS.getThreadAllocatedBytes(javaThreadId));
        return new ThreadStats(name, tid, javaThreadId == 0, workClass, media, policyAsked, policy.granted(tid), processorNs(),
                allocated, items.getAsLong(), minorFaults(), stuck.getAsBoolean());
    }

    private long processorNs() {
        var text = read("schedstat");
        return text.isEmpty() ? 0 : Long.parseLong(text.substring(0, text.indexOf(' ')));
    }

    private long minorFaults() {
        var text = read("stat");
        int name = text.lastIndexOf(')');
        return name < 0 ? 0 : Long.parseLong(text.substring(name + 2).split(" ")[MINOR_FAULTS]);
    }

    private String read(String file) {
        try {
            return Files.readString(Path.of("/proc/self/task", Long.toString(tid), file));
        } catch (IOException threadHasEnded) {
            return "";
        }
    }
}
