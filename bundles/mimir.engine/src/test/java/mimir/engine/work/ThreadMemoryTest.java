// SPDX-License-Identifier: Apache-2.0
package mimir.engine.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class ThreadMemoryTest {
    private static final int PAGE = 4096;
    private static final int PAGES = (int) (LinuxPolicy.PROVIDED_BYTES / PAGE);
    private static final int NEEDED = PAGES * PAGE * 3 / 4;
    private static final int MINOR_FAULTS = 7; // of /proc/PID/stat behind the name, proc(5)

    private final LinuxPolicy policy = new LinuxPolicy();

    @Test
    void shouldLeaveNoPageToBeMadeLater() throws Exception {
        faultsOfTaking(); // loads what the measure itself needs
        long faults = onThread(() -> {
            policy.provide();
            return faultsOfTaking();
        });

        assertThat(faults).isLessThan(PAGES / 2); // some are of the stack; 12 are needed
    }

    @Test
    void shouldHoldNothingAfterwards() throws Exception {
        assertThat(onThread(() -> {
            for (int touches = 0; touches < 10_000; touches++) {
                policy.provide(); // 640 MB, if it held them
            }
            return residentBytes();
        })).isLessThan(residentBytes() + 100_000_000);
    }

    private static long faultsOfTaking() throws IOException {
        long before = faults();
        try (var arena = Arena.ofConfined()) {
            arena.allocate(NEEDED).fill((byte) 1);
        }
        return faults() - before;
    }

    private static long faults() throws IOException {
        var stat = Files.readString(Path.of("/proc/thread-self/stat"));
        return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[MINOR_FAULTS]);
    }

    private static long residentBytes() throws IOException {
        return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[1]) * PAGE;
    }

    private static <T> T onThread(Callable<T> work) throws Exception {
        var task = new FutureTask<>(work);
        var thread = Thread.ofPlatform().start(task);
        thread.join();
        return task.get();
    }
}
