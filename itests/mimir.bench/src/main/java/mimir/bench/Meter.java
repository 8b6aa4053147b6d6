// SPDX-License-Identifier: Apache-2.0
package mimir.bench;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the calling thread used since it settled: time on a core, memory, sleeps. Confined to that thread. */
public final class Meter {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final Path SELF = Path.of("/proc/thread-self/status");
    private static final String SWITCHES = "voluntary_ctxt_switches:";

    private long sleeps;
    private long wall;
    private long cpu;
    private long allocated;
    private long operations;

    /** Begins at once. */
    public Meter() {
        settle();
    }

    /** Begins anew: what came before was warm-up, and the compiler had its share of the cores. */
    public void settle() {
        operations = 0;
        sleeps = switches();
        wall = System.nanoTime();
        cpu = THREADS.getCurrentThreadCpuTime();
        allocated = THREADS.getCurrentThreadAllocatedBytes();
    }

    /** Counts one operation since {@link #settle}. */
    public void count(long more) {
        operations += more;
    }

    /** Bytes allocated per counted operation since {@link #settle}. */
    public double bytesPerOperation() {
        return (double) (THREADS.getCurrentThreadAllocatedBytes() - allocated) / Math.max(1, operations);
    }

    /** Share of a core since {@link #settle}. */
    public double share() {
        return (double) cpuNs() / (System.nanoTime() - wall);
    }

    /** Time on a core since {@link #settle}, ns. */
    public long cpuNs() {
        return THREADS.getCurrentThreadCpuTime() - cpu;
    }

    /** How often the thread gave its core away of itself since {@link #settle}. */
    public long sleeps() {
        return switches() - sleeps;
    }

    private static long switches() {
        try (var lines = Files.lines(SELF)) {
            return lines.filter(line -> line.startsWith(SWITCHES))
                    .mapToLong(line -> Long.parseLong(line.substring(SWITCHES.length()).strip())).findFirst().orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException("the system does not say how often a thread sleeps (" + SELF + ")", e);
        }
    }
}
