// SPDX-License-Identifier: Apache-2.0
package mimir.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
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
    private static final MemoryLayout MALLINFO = MemoryLayout.sequenceLayout(10, ValueLayout.JAVA_LONG);
    private static final MemoryLayout MALLINFO_STRUCT = MemoryLayout.structLayout(MALLINFO);
    private static final int MAPPED_BYTES = 4; // hblkhd: what malloc has mapped apart
    private static final int USED_BYTES = 7;   // uordblks: what it has given out
    private static final long LOOK_NS = 2_000_000;
    private static final int SETTLED_LOOKS = 25;
    private static final int LEAST_LOOKS = 25;
    private static final long BETWEEN_NS = 10_000_000;
    private static final long PATIENCE_NS = 2_000_000_000L;

    private final MethodHandle mallinfo = mallinfo();

    private static MethodHandle mallinfo() {
        var linker = Linker.nativeLinker();
        return linker.defaultLookup().find("mallinfo2").map(at -> linker.downcallHandle(at,
                FunctionDescriptor.of(MALLINFO_STRUCT))).orElse(null);
    }

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
        held.put("given out by malloc, bytes", (double) least(this::mallocBytes));
        held.put("resident anonymous memory, bytes", (double) statusBytes("RssAnon:"));
        held.put("mappings", (double) lines("maps", ""));
        held.put("mapped pieces of the library", (double) lines("maps", library));
        return held;
    }

    private static long codeBytes() {
        return ManagementFactory.getMemoryPoolMXBeans().stream().filter(pool -> pool.getName().startsWith("Code"))
                .mapToLong(pool -> pool.getUsage().getUsed()).sum();
    }

    private long mallocBytes() {
        if (mallinfo == null) {
            return 0;
        }
        try (var call = Arena.ofConfined()) {
            var told = (MemorySegment) mallinfo.invokeExact((SegmentAllocator) call);
            return told.getAtIndex(ValueLayout.JAVA_LONG, USED_BYTES)
                    + told.getAtIndex(ValueLayout.JAVA_LONG, MAPPED_BYTES);
        } catch (Throwable unexpected) {
            throw new IllegalStateException("malloc does not tell what it has given out", unexpected);
        }
    }

    /** What a compiler borrows for a moment is given back. */
    private static long least(LongSupplier bytes) {
        long least = bytes.getAsLong();
        for (int look = 1; look < LEAST_LOOKS; look++) {
            LockSupport.parkNanos(BETWEEN_NS);
            least = Math.min(least, bytes.getAsLong());
        }
        return least;
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
