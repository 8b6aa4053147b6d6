// SPDX-License-Identifier: Apache-2.0
package mimir.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the figures were measured on, and how busy it is. Immutable. */
public final class Machine {
    private static final Path STAT = Path.of("/proc/stat");

    private Machine() {
    }

    /** For people: what decides the figures, nothing that names the machine. */
    public static Map<String, String> describe() {
        var facts = new LinkedHashMap<String, String>();
        facts.put("processor", field("/proc/cpuinfo", "model name"));
        facts.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        facts.put("virtual", read("/proc/cpuinfo").contains("hypervisor") ? "yes" : "no");
        facts.put("memory", Long.parseLong(field("/proc/meminfo", "MemTotal").replace(" kB", "")) / (1 << 20) + " GiB");
        facts.put("huge pages", chosen("/sys/kernel/mm/transparent_hugepage/enabled"));
        facts.put("huge pages for shared memory", chosen("/sys/kernel/mm/transparent_hugepage/shmem_enabled"));
        facts.put("clock source", read("/sys/devices/system/clocksource/clocksource0/current_clocksource").strip());
        facts.put("system", System.getProperty("os.name") + " " + read("/proc/sys/kernel/osrelease").strip() + ", "
                + field("/etc/os-release", "PRETTY_NAME").replace("\"", ""));
        facts.put("JVM", System.getProperty("java.vendor") + " " + Runtime.version());
        facts.put("JVM flags of every trial", String.join(" ", Jvm.flags()));
        return facts;
    }

    /** Idle and total time of all processors so far, in ticks. */
    static long[] ticks() {
        var numbers = lines(STAT).getFirst().strip().split(" +");
        long total = 0;
        for (int i = 1; i < Math.min(numbers.length, 9); i++) {
            total += Long.parseLong(numbers[i]);
        }
        return new long[] {Long.parseLong(numbers[4]), total};
    }

    /** Threads that can run now, this one included. */
    static int runnable() {
        return Integer.parseInt(read("/proc/loadavg").split(" ")[3].split("/")[0]);
    }

    private static String field(String file, String name) {
        return lines(Path.of(file)).stream().filter(line -> line.startsWith(name))
                .map(line -> line.substring(line.indexOf(line.contains(":") ? ':' : '=') + 1).strip())
                .findFirst().orElse("unknown");
    }

    private static String chosen(String file) {
        var text = read(file);
        return text.contains("[") ? text.substring(text.indexOf('[') + 1, text.indexOf(']')) : "unknown";
    }

    private static String read(String file) {
        return Files.isReadable(Path.of(file)) ? String.join("\n", lines(Path.of(file))) : "unknown";
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException("the machine cannot be described: " + file, e);
        }
    }
}
