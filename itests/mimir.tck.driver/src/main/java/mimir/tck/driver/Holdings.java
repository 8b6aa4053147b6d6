// SPDX-License-Identifier: Apache-2.0
package mimir.tck.driver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What this process holds. Immutable.
 *
 * @param threads of the system, native ones included
 * @param descriptors open files
 * @param mappings of files and of shared memory, the heap's left out
 * @param classes loaded
 * @param nativeBytes that malloc has given out; 0 where the C library does not tell
 */
record Holdings(long threads, long descriptors, long mappings, long classes, long nativeBytes) {

    /** What it holds now, after a collection: class loaders go with one and not before. Blocks. */
    static Holdings now() {
        System.gc();
        return new Holdings(entries("task"), entries("fd"), mapped(),
                ManagementFactory.getClassLoadingMXBean().getLoadedClassCount(), Malloc.bytes());
    }

    /** What it holds without another collection. */
    Holdings again() {
        return new Holdings(entries("task"), entries("fd"), mapped(), classes, Malloc.bytes());
    }

    private static long entries(String folder) {
        try (var entries = Files.list(Path.of("/proc/self", folder))) {
            return entries.count();
        } catch (IOException refused) {
            throw new UncheckedIOException("/proc/self/" + folder + " cannot be read", refused);
        }
    }

    private static long mapped() {
        try (var lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains("/") && !line.contains("java_heap")).count();
        } catch (IOException refused) {
            throw new UncheckedIOException("/proc/self/maps cannot be read", refused);
        }
    }
}
