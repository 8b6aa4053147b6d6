// SPDX-License-Identifier: Apache-2.0
package mimir.jcstress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs the stress tests of this package, each in a JVM of its own, and reports them one by one. Short, in one JVM mode;
 * with {@code -Dmimir.long=true} longer and in all modes of compilation. Details stand in {@code target/jcstress}.
 *
 * <p>Threads: confined.
 */
class StressTest {
    private static final boolean LONG = Boolean.getBoolean("mimir.long");
    private static final String NATIVE = "--enable-native-access=ALL-UNNAMED";
    private static final Pattern RESULT = Pattern.compile("\\[(\\w+)] mimir\\.jcstress\\.(\\w+)");
    private static final Pattern SAMPLES = Pattern.compile(
            "(?m)^ +\\S+ +([\\d,]+) +<?[\\d.]+% +(?:Acceptable|Forbidden|Interesting) ");
    private static final long LEAST_TRIALS = LONG ? 200_000_000 : 100_000;
    private static final Path OUTPUT = Path.of("target/jcstress.log").toAbsolutePath();
    private static final Map<String, String> RESULTS = new HashMap<>();
    private static long trials;

    @BeforeAll
    static void run() throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java"), "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            "org.openjdk.jcstress.Main", "-t", "mimir[.]jcstress[.].*", "-r", "jcstress", "-f", "1",
            "-c", "" + Math.max(2, Runtime.getRuntime().availableProcessors()), "-sc", "false", "-af", "NONE", "-v"));
        command.addAll(LONG ? List.of("-iters", "2", "-time", "2000", "-jvmArgsPrepend", NATIVE)
            : List.of("-fsm", "1", "-iters", "1", "-time", "250", "-jvmArgs", NATIVE)); // each fork is a JVM to start
        var process = new ProcessBuilder(command).directory(OUTPUT.getParent().toFile())
            .redirectErrorStream(true).redirectOutput(OUTPUT.toFile()).start();
        boolean ended = process.waitFor(LONG ? 2400 : 400, TimeUnit.SECONDS);
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        assertThat(ended).as("jcstress did not end: " + OUTPUT).isTrue();
        var text = Files.readString(OUTPUT);
        int summary = Math.max(0, text.indexOf("RUN RESULTS"));
        trials = SAMPLES.matcher(text).region(0, summary).results()
            .mapToLong(row -> Long.parseLong(row.group(1).replace(",", ""))).sum();
        var results = RESULT.matcher(text).region(summary, text.length());
        while (results.find()) {
            RESULTS.put(results.group(2), results.group(1));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void shouldNeverSeeAForbiddenOutcome(String test) throws IOException {
        assertThat(RESULTS.get(test)).as(() -> test + ", see " + OUTPUT).isEqualTo("OK");
    }

    static List<String> shouldNeverSeeAForbiddenOutcome() {
        return Stream.of(EndOfSource.class, LosslessGate.class, NewestItem.class, PeekedRead.class,
            ReaderCounters.class, StaleGeneration.class, TornRead.class).map(Class::getSimpleName).toList();
    }

    @Test
    void shouldFindThePlantedFaultOfAnUncheckedRead() {
        assertThat(RESULTS.get(PlantedUncheckedRead.class.getSimpleName())).isEqualTo("FAILED");
    }

    /** Each is one look of a reader, or one pair of steps, beside the writer. */
    @Test
    void shouldHaveTriedOftenEnough() {
        System.out.printf("stress: %,d trials%n", trials);
        assertThat(trials).isGreaterThanOrEqualTo(LEAST_TRIALS);
    }

    @Test
    void shouldHaveRunEveryStressTest() {
        assertThat(RESULTS).hasSize(shouldNeverSeeAForbiddenOutcome().size() + 1);
    }
}
