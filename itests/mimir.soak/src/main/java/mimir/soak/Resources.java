// SPDX-License-Identifier: Apache-2.0
package mimir.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** What this process holds, by name and unit. Confined to the thread of a proof; blocks for a collection. */
final class Resources {
    private static final Path SELF = Path.of("/proc/self");
    private static final long LOOK_NS = 2_000_000;
    private static final int SETTLED_LOOKS = 25;
    private static final long PATIENCE_NS = 2_000_000_000L;

    private final NativeMemory memory = new NativeMemory();

    /** Collects garbage first, and waits until threads and descriptors have settled. */
    Map<String, Double> sample(String library) {
        System.gc(); // classes of former drivers go with a collection, and not before
        var held = new LinkedHashMap<String, Double>();
        held.put("heap after a collection, bytes", (double) ManagementFactory.getMemoryMXBean().getHeapMemoryUsage()
                .getUsed());
        held.put("metaspace, bytes", (double) ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage().getUsed()
                - codeBytes());
        held.put("loaded classes", (double) ManagementFactory.getClassLoadingMXBean().getLoadedClassCount());
        held.put("threads", (double) settled(() -> count("task")));
        held.put("file descriptors", (double) settled(() -> count("fd")));
        held.put("given out by malloc but to compilers, bytes", (double) memory.withoutCompilersBytes());
        memory.trim();
        held.put("resident anonymous memory but compilers', bytes",
                (double) (statusBytes("RssAnon:") - memory.compilersBytes()));
        held.put("mappings", (double) lines("maps", ""));
        held.put("mapped pieces of the library", (double) lines("maps", library));
        return held;
    }

    private static long codeBytes() {
        return ManagementFactory.getMemoryPoolMXBeans().stream().filter(pool -> pool.getName().startsWith("Code"))
                .mapToLong(pool -> pool.getUsage().getUsed()).sum();
    }

    private static long settled(LongSupplier count) {
        long end = System.nanoTime() + PATIENCE_NS;
        long last = -1;
        for (int same = 0; same < SETTLED_LOOKS && System.nanoTime() < end;) {
            LockSupport.parkNanos(LOOK_NS);
            long now = count.getAsLong();
            same = now == last ? same + 1 : 0;
            last = now;
        }
        return last;
    }

    private static long count(String folder) {
        try (var entries = Files.list(SELF.resolve(folder))) {
            return entries.count();
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    private static long lines(String file, String text) {
        try (var lines = Files.lines(SELF.resolve(file))) {
            return lines.filter(line -> line.contains(text)).count();
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    /** A line of the system's about this process. */
    static long statusBytes(String name) {
        try (var lines = Files.lines(SELF.resolve("status"))) {
            return lines.filter(line -> line.startsWith(name)).mapToLong(line ->
                    Long.parseLong(line.replaceAll("\\D", "")) * 1024).findFirst().orElse(0);
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }
}
