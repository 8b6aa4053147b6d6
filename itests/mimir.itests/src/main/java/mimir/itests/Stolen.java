// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How much of one processor the host of a virtual machine took away just now. A device's thread there stands
 * still meanwhile, and a watch on another processor sees nothing of it. Confined.
 */
final class Stolen {
    private static final Path STAT = Path.of("/proc/stat");
    private static final long EVERY_NS = 250_000_000;
    private static final int KEPT = 5; // a standstill of a second lies within five looks
    private static final long TICK_NS = 10_000_000;
    private static final int STEAL = 8;

    private final long[][] ticks = new long[KEPT + 1][]; // of each processor, newest first
    private long lookedNs;

    /** The most that was taken from one processor in the last five quarters of a second, ns; 0 between two looks. */
    long ns(long nowNs) {
        if (nowNs - lookedNs < EVERY_NS || !Files.isReadable(STAT)) {
            return 0;
        }
        lookedNs = nowNs;
        System.arraycopy(ticks, 0, ticks, 1, KEPT);
        ticks[0] = stealTicks();
        long most = 0;
        for (int i = 0; ticks[KEPT] != null && i < ticks[0].length && i < ticks[KEPT].length; i++) {
            most = Math.max(most, ticks[0][i] - ticks[KEPT][i]);
        }
        return most * TICK_NS;
    }

    private static long[] stealTicks() {
        try (var lines = Files.lines(STAT)) {
            return lines.filter(line -> line.matches("cpu\\d+ .*")).map(line -> line.split(" "))
                    .mapToLong(words -> words.length > STEAL ? Long.parseLong(words[STEAL]) : 0).toArray();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
