// SPDX-License-Identifier: Apache-2.0
package mimir.jcstress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs the stress tests of this package, each in a JVM of its own, and reports them one by one. Short, in one JVM mode;
 * with {@code -Dmimir.long=true} in all modes of compilation, and then in the JVM's own one, all tests for the same
 * time, again and again until enough trials are counted. Details stand in {@code target/jcstress-N.log}.
 *
 * <p>Threads: confined.
 */
class StressTest {
    private static final boolean LONG = Boolean.getBoolean("mimir.long");
    private static final long LEAST_TRIALS = LONG ? 1_000_000_000 : 100_000;
    /** Begins no later: a round takes three minutes. */
    private static final Duration LAST_ROUND = Duration.ofMinutes(Integer.getInteger("mimir.stress.minutes", 21));
    private static final String NATIVE = "--enable-native-access=ALL-UNNAMED";
    private static final String PLANTED = "Planted";
    private static final Pattern REPORT = Pattern.compile(
        "(?m)\\[(\\w+)] mimir\\.jcstress\\.(\\w+)"
            + "|^ +\\S+ +([\\d,]+) +<?[\\d.]+% +(?:Acceptable|Forbidden|Interesting) ");
    private static final Path FOLDER = Path.of("target").toAbsolutePath();
    private static final Map<String, String> RESULTS = new HashMap<>();
    private static final Map<String, Long> TRIALS = new TreeMap<>();

    @BeforeAll
    static void run() throws IOException, InterruptedException {
        long begin = System.nanoTime();
        if (!LONG) {
            stress(0, ".*", "-fsm", "1", "-iters", "1", "-time", "250", "-jvmArgs", NATIVE);
            return;
        }
        stress(0, ".*", "-fsm", "2", "-iters", "2", "-time", "2000", "-jvmArgsPrepend", NATIVE);
        for (int round = 1; trials() < LEAST_TRIALS && System.nanoTime() - begin < LAST_ROUND.toNanos(); round++) {
            stress(round, "(?!" + PLANTED + ").*", "-fsm", "1", "-iters", "2", "-time", "10000", "-jvmArgs", NATIVE);
        }
    }

    private static void stress(int round, String tests, String... options) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java"), "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            "org.openjdk.jcstress.Main", "-t", "mimir[.]jcstress[.]" + tests, "-r", "jcstress", "-f", "1",
            "-c", "" + Math.max(2, Runtime.getRuntime().availableProcessors()), "-sc", "false", "-af", "NONE", "-v"));
        command.addAll(List.of(options));
        var output = FOLDER.resolve("jcstress-" + round + ".log");
        var process = new ProcessBuilder(command).directory(FOLDER.toFile())
            .redirectErrorStream(true).redirectOutput(output.toFile()).start();
        boolean ended = process.waitFor(LONG ? 1800 : 400, TimeUnit.SECONDS);
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        assertThat(ended).as("jcstress did not end: " + output).isTrue();
        count(Files.readString(output));
    }

    /** What each fork saw, before the summary, and what became of each test, in it. */
    private static void count(String text) {
        int summary = Math.max(0, text.indexOf("RUN RESULTS"));
        String test = null;
        var reports = REPORT.matcher(text);
        while (reports.find()) {
            if (reports.group(2) != null) {
                test = reports.group(2);
                if (reports.start() > summary) {
                    RESULTS.merge(test, reports.group(1), (before, now) -> "OK".equals(before) ? now : before);
                }
            } else if (reports.start() < summary && !test.startsWith(PLANTED)) {
                TRIALS.merge(test, Long.parseLong(reports.group(3).replace(",", "")), Long::sum);
            }
        }
    }

    private static long trials() {
        return TRIALS.values().stream().mapToLong(Long::longValue).sum();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void shouldNeverSeeAForbiddenOutcome(String test) {
        assertThat(RESULTS.get(test)).as(() -> test + ", see " + FOLDER.resolve("jcstress-*.log")).isEqualTo("OK");
    }

    static List<String> shouldNeverSeeAForbiddenOutcome() {
        return Stream.of(EndOfSource.class, KeptItem.class, LosslessGate.class, NewestItem.class, PeekedRead.class,
            ReaderCounters.class, StaleGeneration.class, TornEvent.class, TornRead.class)
            .map(Class::getSimpleName).toList();
    }

    @Test
    void shouldFindThePlantedFaultOfAnUncheckedRead() {
        assertThat(RESULTS.get(PlantedUncheckedRead.class.getSimpleName())).isEqualTo("FAILED");
    }

    @Test
    void shouldFindThePlantedFaultOfAnUncheckedHold() {
        assertThat(RESULTS.get(PlantedUncheckedHold.class.getSimpleName())).isEqualTo("FAILED");
    }

    /** Each is one look of a reader, or one pair of steps, beside the writer; the planted fault does not count. */
    @Test
    void shouldHaveTriedOftenEnough() {
        TRIALS.forEach((test, trials) -> System.out.printf("stress: %,13d trials of %s%n", trials, test));
        System.out.printf("stress: %,13d trials%n", trials());
        assertThat(trials()).isGreaterThanOrEqualTo(LEAST_TRIALS);
    }

    @Test
    void shouldHaveRunEveryStressTest() {
        assertThat(RESULTS).hasSize(shouldNeverSeeAForbiddenOutcome().size() + 2);
    }
}
