// SPDX-License-Identifier: Apache-2.0
package mimir.itests.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The ring's protocol under every interleaving and every order of memory that its fences allow, and each fault that is
 * planted in it, by spin. Skipped without spin and tcc; where everything is checked, that skip is a failure. With
 * {@code -Dmimir.long=true} the models run at greater length as well.
 *
 * <p>Threads: thread-safe, as each run has a folder and a process of its own.
 */
@Execution(ExecutionMode.CONCURRENT)
class RingModelTest {
    private static final Path MODELS = Path.of(System.getProperty("mimir.root"),
            "native-fragments/ring/model");
    private static final ModelChecker SPIN = new ModelChecker(Path.of("target/model"));

    private static boolean installed;

    @BeforeAll
    static void look() throws InterruptedException {
        installed = ModelChecker.isInstalled();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void shouldHoldUnderEveryInterleaving(ModelRun run) throws IOException, InterruptedException {
        var verdict = check(run);

        assertThat(verdict.errors()).as(verdict.output()).isZero();
        assertThat(verdict.complete()).as(verdict.output()).isTrue();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void shouldFindThePlantedFault(ModelRun run) throws IOException, InterruptedException {
        var verdict = check(run);

        assertThat(verdict.errors()).as(verdict.output()).isPositive();
        assertThat(verdict.output()).containsAnyOf("assertion violated", "invalid end state");
    }

    @Test
    void shouldNotPassForASearchThatRanOutOfMemory() throws IOException, InterruptedException {
        var verdict = check(shouldHoldUnderEveryInterleaving().getFirst(), "-DMEMLIM=1");

        assertThat(verdict.complete()).as(verdict.output()).isFalse();
    }

    @Test
    void shouldAskForEveryFaultThatAModelCanPlant() {
        assertThat(ModelRun.all(MODELS)).isNotEmpty();
        assertThat(ModelRun.faultsNotAskedFor(MODELS)).isEmpty();
    }

    private static ModelChecker.Verdict check(ModelRun run, String... defines)
            throws IOException, InterruptedException {
        assumeTrue(installed, "spin or tcc is not installed");
        return SPIN.check(run, defines);
    }

    static List<ModelRun> shouldHoldUnderEveryInterleaving() {
        var kinds = Boolean.getBoolean("mimir.long")
            ? EnumSet.of(ModelRun.Kind.VERIFY, ModelRun.Kind.LONG) : EnumSet.of(ModelRun.Kind.VERIFY);
        return ModelRun.all(MODELS).stream().filter(run -> kinds.contains(run.kind())).toList();
    }

    static List<ModelRun> shouldFindThePlantedFault() {
        return ModelRun.all(MODELS).stream().filter(run -> run.kind() == ModelRun.Kind.FIND).toList();
    }
}
