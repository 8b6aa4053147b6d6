// SPDX-License-Identifier: Apache-2.0
package mimir.bench;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the calling thread used since it made this: time on a core, memory, sleeps. Confined to that thread. */
public final class Meter {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final Path SELF = Path.of("/proc/thread-self/status");
    private static final String SWITCHES = "voluntary_ctxt_switches:";

    private final long sleeps = switches();
    private final long wall = System.nanoTime();
    private final long cpu = THREADS.getCurrentThreadCpuTime();
    private long allocated = THREADS.getCurrentThreadAllocatedBytes();
    private long operations;

    /** Counts allocation anew: what came before was warm-up. */
    public void settle() {
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

    /** Share of a core since the beginning. */
    public double share() {
        return (double) cpuNs() / (System.nanoTime() - wall);
    }

    /** Time on a core since the beginning, ns. */
    public long cpuNs() {
        return THREADS.getCurrentThreadCpuTime() - cpu;
    }

    /** How often the thread gave its core away of itself since the beginning. */
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
