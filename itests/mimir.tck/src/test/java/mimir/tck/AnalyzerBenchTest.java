// SPDX-License-Identifier: Apache-2.0
package mimir.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import mimir.api.BadInputException;
import mimir.api.media.PixelFormat;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What the bench shows of an analyser that runs on it. */
class AnalyzerBenchTest {
    private static Path data(String folder) {
        var path = Path.of(System.getProperty("mimir.data"), folder);
        Assumptions.assumeTrue(Files.isDirectory(path), "the folder of recordings is not here: " + path);
        return path;
    }

    @Test
    void shouldShowResultsOfPicturesThatATestMakes() {
        var run = AnalyzerBench.of(LightAnalyzer::new)
                .frames(64, 48, PixelFormat.GREY, 60, (n, picture) -> picture.fill((byte) (n % 100)))
                .parameter("gain", "2").run(300);

        assertThat(run.items()).isEqualTo(300);
        assertThat(run.results(Light.class)).hasSize(300);
        assertThat(run.result(Light.class, 7).mean()).isEqualTo(14);
        assertThat(run.result(Light.class, 7).change()).isEqualTo(2);
        assertThat(run.absent()).isZero();
        assertThat(run.failures()).isEmpty();
        assertThat(run.cause()).isEmpty();
        assertThat(run.bytesPerItem()).isZero();
        assertThat(run.timePerItem()).isPositive();
    }

    @Test
    void shouldGiveAnalysersTheItemsOfAScenario() {
        var run = AnalyzerBench.of(Good.Rare::new).scenario("""
                {"rateHz": 100, "missing": {"sequences": [1, 2, 4]}, "unplugs": [{"atS": 0.2, "forS": 0.1}]}""")
                .run(40);

        assertThat(run.items()).isEqualTo(40);
        assertThat(run.result(Light.class, 0).mean()).isZero();
        assertThat(run.result(Light.class, 1).mean()).isEqualTo(2); // sequence 3, two items were lost before it
        assertThat(run.result(Light.class, 2)).isNull();            // sequence 5
        assertThat(run.results(Light.class)).hasSizeBetween(10, 20);
        assertThat(run.absent()).as("it looked at all of them").isZero();
        assertThat(run.published()).last().extracting(Outcome.Key::epoch).isEqualTo(2);
    }

    @Test
    void shouldPlayRecordedPictures() {
        var run = AnalyzerBench.of(LightAnalyzer::new).recording(data("video")).run(60);

        assertThat(run.results(Light.class)).hasSize(60).allMatch(light -> light.mean() > 10 && light.mean() < 245);
        assertThat(run.bytesPerItem()).isZero();
    }

    @Test
    void shouldPlayRecordedSound() {
        var run = AnalyzerBench.of(Good.Listener::new).recording(data("audio")).run(200);

        assertThat(run.results(Loudness.class)).hasSize(200).anyMatch(loudness -> loudness.peak() > 0.01f);
    }

    @Test
    void shouldPlaySoundThatATestMakes() {
        var run = AnalyzerBench.of(Good.Listener::new).sound(2, 64, 48_000, (n, block) -> {
            block.fill((byte) 0);
            block.setAtIndex(ValueLayout.JAVA_FLOAT, 70, n * 0.25f);
        }).run(4);

        assertThat(run.results(Loudness.class)).extracting(Loudness::peak).containsExactly(0f, 0.25f, 0.5f, 0.75f);
    }

    @Test
    void shouldMatchSeveralSourcesByTime() {
        var run = AnalyzerBench.of(Good.Pair::new)
                .frames(64, 48, PixelFormat.GREY, 60, (n, picture) -> picture.fill((byte) n))
                .frames(64, 48, PixelFormat.GREY, 30, (n, picture) -> picture.fill((byte) (5 * n))).run(20);

        // every second frame has a partner
        assertThat(run.results(Light.class)).extracting(Light::change).startsWith(0.0, 3.0, 6.0);
        assertThat(run.results(Light.class)).hasSizeBetween(8, 11);
        assertThat(run.absent()).as("the last ones still wait for their partner").isBetween(0, 2);
    }

    @Test
    void shouldCopyTails() {
        var run = AnalyzerBench.of(Good.Row::new)
                .frames(64, 48, PixelFormat.GREY, 60, (n, picture) -> picture.fill((byte) n)).run(10);
        var row = run.result(Light.class, 9);

        assertThat(row.tailBytes()).isEqualTo(64);
        assertThat(row.memory().get(ValueLayout.JAVA_BYTE, row.tailOffset() + 63)).isEqualTo((byte) 9);
        assertThat(row.memory().isReadOnly()).isTrue();
    }

    @Test
    void shouldRefuseASourceThatLosesEverything() {
        assertThatThrownBy(() -> AnalyzerBench.of(LightAnalyzer::new)
                .scenario("{\"missing\": {\"probability\": 1}}").run(1))
                .isInstanceOf(BadInputException.class).hasMessageContaining("items in a row; correct the scenario");
    }

    @Test
    void shouldRunWhatAnalyserNeeds() {
        var run = AnalyzerBench.of(Good.Echo::new).after(LightAnalyzer::new)
                .frames(64, 48, PixelFormat.GREY, 60, (n, picture) -> picture.fill((byte) 40)).run(20);

        assertThat(run.results(Loudness.class)).hasSize(20).allMatch(loudness -> loudness.peak() == 40);
    }

    @Test
    void shouldTellWhatWasThrownAndThatItIsDisabled() {
        var run = AnalyzerBench.of(Bad.Thrower::new).run(20);

        assertThat(run.failures()).hasSize(5).allMatch(ArithmeticException.class::isInstance);
        assertThat(run.cause()).isEqualTo("thrower failed 5 times in a row: no such luck");
        assertThat(run.absent()).isEqualTo(20);
    }

    @Test
    void shouldMeasureWhatIsAllocatedAndHowLongItTakes() {
        assertThat(AnalyzerBench.of(Bad.Spender::new).run(200).bytesPerItem()).isEqualTo(144);
        assertThat(AnalyzerBench.of(Bad.Sleeper::new).run(20).timePerItem()).isGreaterThan(Duration.ofMillis(2));
    }

    @Test
    void shouldRefuseWhatCannotBeInASentence() {
        assertThatThrownBy(() -> AnalyzerBench.of(Good.Echo::new).run(1)).isInstanceOf(BadInputException.class)
                .hasMessageContaining("needs tck.light@1 and nobody attaches it");
        assertThatThrownBy(() -> AnalyzerBench.of(Bad.Stranger::new).run(1)).isInstanceOf(BadInputException.class)
                .hasMessageContaining("has no annotation @Analysis; add one");
        assertThatThrownBy(() -> AnalyzerBench.of(LightAnalyzer::new).scenario("{\"rate\": 5}"))
                .isInstanceOf(BadInputException.class).hasMessageContaining("rate");
        assertThatThrownBy(() -> AnalyzerBench.of(LightAnalyzer::new).parameter("gains", "2").run(1))
                .isInstanceOf(BadInputException.class).hasMessageContaining("it has gain");
        assertThatThrownBy(() -> AnalyzerBench.of(Good.Pair::new)
                .frames(64, 48, PixelFormat.YUYV, 60, Noise::picture).run(1))
                .isInstanceOf(BadInputException.class).hasMessageContaining("takes frame:GREY");
    }
}
