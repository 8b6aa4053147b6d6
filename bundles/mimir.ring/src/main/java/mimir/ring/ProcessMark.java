// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One process for certain: its number and when it started. A number alone may have gone to another process meanwhile.
 * Immutable.
 *
 * @param pid number of the process
 * @param startTicks clock ticks between boot and its start (field 22 of {@code /proc/PID/stat}); 0: never was there
 */
record ProcessMark(long pid, long startTicks) {
    private static final Path PROC = Path.of("/proc");
    private static final int THREADS_AFTER_NAME = 17;
    private static final int START_AFTER_NAME = 19;

    /** This process. */
    static ProcessMark self() {
        return of(ProcessHandle.current().pid());
    }

    /** Whoever has that number now. Reads a file. */
    static ProcessMark of(long pid) {
        return new ProcessMark(pid, startOf(pid));
    }

    /** True while that very process runs. Reads a file; {@link WriterWatch} is for often. */
    boolean alive() {
        return startTicks != 0 && startOf(pid) == startTicks;
    }

    private static long startOf(long pid) {
        try {
            var stat = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
            // the name may hold anything, brackets and spaces too; what follows the last bracket are numbers
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            // a zombie of one thread has ended; of several, only its first thread has
            boolean ended = "ZX".contains(fields[0]) && Integer.parseInt(fields[THREADS_AFTER_NAME]) <= 1;
            return ended ? 0 : Long.parseLong(fields[START_AFTER_NAME]);
        } catch (IOException noSuchProcess) {
            return 0;
        }
    }
}
