// SPDX-License-Identifier: Apache-2.0
package mimir.watch;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import mimir.api.analysis.Analyzers.StageStats;
import mimir.api.work.ThreadStats;
import mimir.ring.RingStats;

/**
 * What the process, its threads and its rings had used and done at one instant. Immutable.
 *
 * @param atNs when, {@link System#nanoTime}
 * @param processorNs processor time of the whole process
 * @param minorFaults page faults of the whole process that needed no disk
 * @param stolenNs time that the host of a virtual machine took from its processors, -1 where that is not told
 * @param rssBytes memory that is present
 * @param threadCount threads of the process, those of the JVM included
 * @param threads account of each thread
 * @param rings account of each ring, by source
 * @param stages account of each stage
 */
record Sample(long atNs, long processorNs, long minorFaults, long stolenNs, long rssBytes, long threadCount,
        List<ThreadStats> threads, Map<String, RingStats> rings, List<StageStats> stages) {
    // field 10 of proc(5) stat, counted from the state, which follows the name
    private static final int MINOR_FAULTS = 10 - 3;
    // proc(5) stat of the system: user nice system idle iowait irq softirq steal, in hundredths of a second
    private static final Pattern STOLEN = Pattern.compile("cpu +(?:\\d+ ){7}(\\d+)");
    private static final long HUNDREDTH_NS = 10_000_000;
    private static final long KIBIBYTE = 1024;

    static Sample take(List<ThreadStats> threads, Map<String, RingStats> rings, List<StageStats> stages) {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        var status = read("self/status");
        return new Sample(System.nanoTime(), system.getProcessCpuTime(), minorFaultsNow(),
                stolenNow(), numberAfter("VmRSS:", status) * KIBIBYTE, numberAfter("Threads:", status),
                List.copyOf(threads), Map.copyOf(rings), List.copyOf(stages));
    }

    private static long minorFaultsNow() {
        var stat = read("self/stat");
        return stat.isEmpty() ? 0 : Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[MINOR_FAULTS]);
    }

    private static long stolenNow() {
        var times = STOLEN.matcher(read("stat"));
        return times.lookingAt() ? Long.parseLong(times.group(1)) * HUNDREDTH_NS : -1;
    }

    private static long numberAfter(String label, String status) {
        var line = status.lines().filter(one -> one.startsWith(label)).findFirst();
        return line.map(one -> Long.parseLong(one.substring(label.length()).strip().split(" ")[0])).orElse(0L);
    }

    private static String read(String file) {
        var path = Path.of("/proc", file);
        try {
            return Files.exists(path) ? Files.readString(path) : "";
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    /** The same stage's account in this sample. */
    Optional<StageStats> of(StageStats stage) {
        return stages.stream().filter(one -> Stages.key(one).equals(Stages.key(stage))).findFirst();
    }

    /** The same thread's account in this sample: threads are told apart by id and name, for the system reuses ids. */
    Optional<ThreadStats> of(ThreadStats thread) {
        return threads.stream().filter(one -> one.tid() == thread.tid()
                && one.name().equals(thread.name())).findFirst();
    }
}
