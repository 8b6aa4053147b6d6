// SPDX-License-Identifier: Apache-2.0
package mimir.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import mimir.api.media.PixelFormat;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Good analysers pass, and of bad ones it is said what is wrong with them. */
@Tag("thorough")
class ConformanceTest {
    @ParameterizedTest
    @MethodSource("mimir.tck.Bad#all")
    void shouldNameWhatIsWrong(Bad.Case bad) {
        var faults = AnalyzerBench.of(bad.maker()).check();

        assertThat(faults).as(faults::toString).anyMatch(fault -> fault.contains(bad.sentence()));
        assertThat(faults).allMatch(fault -> !fault.contains("\n")).hasSizeLessThan(5);
    }

    @Test
    void shouldFindNoFaultWithTheTemplate() {
        assertThat(AnalyzerBench.of(LightAnalyzer::new).check()).isEmpty();
    }

    @Test
    void shouldFindNoFaultWithTheTemplateInAScenario() {
        assertThat(AnalyzerBench.of(LightAnalyzer::new).scenario("""
                {"mode": {"width": 320, "height": 240}, "missing": {"probability": 0.05},
                 "unplugs": [{"atS": 1, "forS": 0.5}], "jitter": {"medianUs": 400}}""").check()).isEmpty();
    }

    @Test
    void shouldFindNoFaultWithTheTemplateOnARecording() {
        var pictures = Path.of(System.getProperty("mimir.data"), "video", "pedestrians");
        Assumptions.assumeTrue(Files.isDirectory(pictures), "the folder of recordings is not here: " + pictures);

        assertThat(AnalyzerBench.of(LightAnalyzer::new).recording(pictures).check()).isEmpty();
    }

    @Test
    void shouldFindNoFaultWithGoodOnes() {
        assertThat(AnalyzerBench.of(Good.Listener::new).check()).isEmpty();
        assertThat(AnalyzerBench.of(Good.Listener::new).scenario("{\"mode\": {\"channels\": 2}}").check()).isEmpty();
        assertThat(AnalyzerBench.of(Good.Rare::new).check()).isEmpty();
        assertThat(AnalyzerBench.of(Good.Row::new).check()).isEmpty();
        assertThat(AnalyzerBench.of(Good.Echo::new).after(LightAnalyzer::new).check()).isEmpty();
        assertThat(AnalyzerBench.of(Good.Pair::new).check()).isEmpty();
    }

    @Test
    void shouldTakeTheFormatThatATestGives() {
        var faults = AnalyzerBench.of(Bad.Measurer::new).frames(64, 48, PixelFormat.GREY, 60, Noise::picture).check();

        assertThat(faults).hasSize(1);
    }
}
