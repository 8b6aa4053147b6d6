// SPDX-License-Identifier: Apache-2.0
package mimir.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import mimir.tck.AnalyzerBench;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stages that come with Mimir keep every rule that a stranger's must keep. */
@Tag("thorough")
class CitizenTest {
    private static final String PICTURES = "{\"mode\": {\"width\": 320, \"height\": 240}}";

    private static final String MOSAIC = "{\"mode\": {\"width\": 320, \"height\": 240, \"format\": \"BAYER_GRBG\"}}";

    private final AnalysisLibrary library = BuiltLibrary.open();

    @AfterEach
    void unload() {
        library.close();
    }

    @Test
    void shouldFindNoFaultWithTheTemplate() {
        assertThat(AnalyzerBench.of(BrightnessAnalyzer::new).check()).isEmpty();
    }

    /** Licence and all: what attaches, and what it attaches. */
    @Test
    void shouldHaveATemplateOfSixtyLines() throws IOException {
        var sources = Path.of(System.getProperty("mimir.root"), "bundles/mimir.analysis/src/main/java/mimir/analysis");
        int lines = 0;
        for (var file : List.of("BrightnessAnalyzer.java", "Brightness.java")) {
            lines += Files.readAllLines(sources.resolve(file)).size();
        }

        assertThat(lines).isLessThanOrEqualTo(60);
    }

    @Test
    void shouldFindNoFaultWithTheChainOfPictures() {
        assertThat(AnalyzerBench.of(() -> new GreyAnalyzer(library)).scenario(PICTURES).check()).isEmpty();
        assertThat(AnalyzerBench.of(() -> new RgbAnalyzer(library)).scenario(MOSAIC).check()).isEmpty();
        assertThat(AnalyzerBench.of(() -> new MotionAnalyzer(library)).after(() -> new GreyAnalyzer(library))
                .scenario(PICTURES).check()).isEmpty();
        assertThat(AnalyzerBench.of(() -> new CornersAnalyzer(library)).after(() -> new GreyAnalyzer(library))
                .scenario(PICTURES).check()).isEmpty();
        assertThat(flow().scenario(PICTURES).check()).isEmpty();
        assertThat(AnalyzerBench.of(PoseAnalyzer::new).after(() -> new GreyAnalyzer(library))
                .after(() -> new CornersAnalyzer(library)).after(() -> new FlowAnalyzer(library))
                .scenario(PICTURES).check()).isEmpty();
    }

    private AnalyzerBench flow() {
        return AnalyzerBench.of(() -> new FlowAnalyzer(library)).after(() -> new GreyAnalyzer(library))
                .after(() -> new CornersAnalyzer(library));
    }

    @Test
    void shouldFindNoFaultWithTheStagesOfSound() {
        assertThat(AnalyzerBench.of(() -> new LevelAnalyzer(library)).scenario("{}").check()).isEmpty();
        assertThat(AnalyzerBench.of(() -> new SpectrumAnalyzer(library)).scenario("{}").check()).isEmpty();
    }

    @Test
    void shouldFindNoFaultWithFlowOnARecording(@TempDir Path few) throws IOException {
        var people = Path.of(System.getProperty("mimir.data"), "video", "pedestrians");
        Assumptions.assumeTrue(Files.isDirectory(people), "the folder of recordings is not here: " + people);

        try (var pictures = Files.list(people)) {
            for (var picture : pictures.filter(file -> file.toString().endsWith(".jpg")).sorted().limit(20).toList()) {
                Files.createSymbolicLink(few.resolve(picture.getFileName()), picture.toAbsolutePath());
            }
        }
        assertThat(flow().recording(few).check()).isEmpty();
    }
}
