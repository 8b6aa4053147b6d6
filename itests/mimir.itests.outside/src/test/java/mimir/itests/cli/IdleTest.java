// SPDX-License-Identifier: Apache-2.0
package mimir.itests.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A platform whose devices are silent, with watch, reservoir and readers of other processes at the doorbell: each
 * process takes less than 1 % of a core. What counts is processor time, not time that passes, in a window of four
 * seconds; a process may warm up first, but one that never comes to rest fails.
 */
@Tag("thorough")
@Execution(ExecutionMode.CONCURRENT)
@Timeout(120)
class IdleTest {
    private static final Path EXAMPLE = Mimir.ROOT.resolve("native-fragments/examples/target/mimir_read");
    private static final int SILENT_DEVICES = 4;
    private static final long WINDOW_S = 4;
    private static final int MOST_WINDOWS = 10;
    private static final double LIMIT_PERCENT = 1;

    @TempDir
    Path scratch;

    private Mimir mimir(String name, String... words) throws IOException {
        return Mimir.with(Files.createDirectories(scratch.resolve(name)), words).environment("MIMIR_MANIFESTS",
                scratch.resolve("manifests").toString());
    }

    @Test
    void shouldTakeLessThanOnePercentOfACoreWhileNothingComes() throws Exception {
        var platform = mimir("platform", "run", "--rig", rig().toString(), "--for", "60s").asShipped().start();
        try {
            platform.untilItSays("running");
            var reader = mimir("reader", "read", "sim.camera.1").start();
            var c = mimir("c").instead(EXAMPLE, "sim.camera.2").start();
            try {
                requireRest(platform.process(), reader.process(), c.process());
            } finally {
                reader.process().destroyForcibly();
                c.process().destroyForcibly();
            }
        } finally {
            platform.process().destroyForcibly();
        }
    }

    /** Published like any other, but the first item comes after a minute only. */
    private Path rig() throws IOException {
        var devices = IntStream.rangeClosed(1, SILENT_DEVICES).mapToObj(n -> """
                {"driver":"mimir.driver.sim","id":"sim.%1$s.%2$d","kind":"%1$s","scenario":{"phaseMs":60000,"seed":%2$d,
                "mode":%3$s}}""".formatted(n % 2 == 1 ? "camera" : "audio", (n + 1) / 2, n % 2 == 1
                        ? "{\"width\":320,\"height\":240,\"format\":\"YUYV\"},\"rateHz\":30"
                        : "{\"channels\":2,\"blockFrames\":64},\"rateHz\":48000")).collect(Collectors.joining(","));
        return Files.writeString(scratch.resolve("idle.json"), """
                {"schema":"mimir.rig","version":"1.0","name":"idle","reservoir":{"bytes":67108864},"devices":[%s]}
                """.formatted(devices));
    }

    private static void requireRest(Process... processes) throws IOException, InterruptedException {
        var names = new String[] {"platform", "reader in Java", "reader in C"};
        var least = new double[] {100, 100, 100};
        for (int window = 0; window < MOST_WINDOWS && !allUnderLimit(least); window++) {
            var before = new long[processes.length];
            for (int i = 0; i < processes.length; i++) {
                before[i] = processorNs(processes[i]);
            }
            long begin = System.nanoTime();
            assertFalse(processes[0].waitFor(WINDOW_S, TimeUnit.SECONDS), "the platform ended");
            for (int i = 0; i < processes.length; i++) {
                assertTrue(processes[i].isAlive(), names[i] + " ended");
                double percent = 100.0 * (processorNs(processes[i]) - before[i]) / (System.nanoTime() - begin);
                least[i] = Math.min(least[i], percent);
            }
        }
        for (int i = 0; i < processes.length; i++) {
            System.out.printf("idle %s: %.2f %% of a core%n", names[i], least[i]);
            assertTrue(least[i] < LIMIT_PERCENT, names[i] + " takes " + least[i] + " % of a core while nothing comes");
        }
    }

    private static boolean allUnderLimit(double[] percents) {
        for (double percent : percents) {
            if (percent >= LIMIT_PERCENT) {
                return false;
            }
        }
        return true;
    }

    /** Of all its threads that live, by the scheduler's own account, which is finer than clock ticks. */
    private static long processorNs(Process process) throws IOException {
        long sum = 0;
        try (var threads = Files.list(Path.of("/proc", Long.toString(process.pid()), "task"))) {
            for (var thread : threads.toList()) {
                sum += threadNs(thread);
            }
        }
        return sum;
    }

    private static long threadNs(Path thread) throws IOException {
        try {
            return Long.parseLong(Files.readString(thread.resolve("schedstat")).split(" ")[0]);
        } catch (NoSuchFileException ended) {
            return 0;
        }
    }
}
