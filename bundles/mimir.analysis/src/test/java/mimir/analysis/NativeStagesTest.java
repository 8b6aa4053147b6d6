// SPDX-License-Identifier: Apache-2.0
package mimir.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import mimir.api.BadInputException;
import mimir.api.analysis.Analyzer;
import mimir.api.analysis.types.Corners;
import mimir.api.analysis.types.Flow;
import mimir.api.analysis.types.Grey;
import mimir.api.analysis.types.Level;
import mimir.api.analysis.types.MotionEnergy;
import mimir.api.analysis.types.Spectrum;
import mimir.ring.RingFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stages on items of real rings, whose truth is known. Threads: confined. */
class NativeStagesTest {
    private static final Map<String, String> DEFAULTS = Map.of("threshold", "16", "distance", "10", "quality", "0.01",
            "least", "2", "window", "20", "margin", "9", "hangover", "200", "channel", "-1");
    private static final long TAIL = (long) Studio.WIDTH * Studio.HEIGHT;

    private final AnalysisLibrary library = new AnalysisLibrary(StagesLifeTest.LIBRARY, StagesLifeTest.silent());

    @AfterEach
    void unload() {
        library.close();
    }

    private Bench pictures() {
        return bench(Studio.PICTURES, List.of(new GreyAnalyzer(library), new MotionAnalyzer(library),
                new CornersAnalyzer(library), new FlowAnalyzer(library), new BrightnessAnalyzer()))
            .place(Grey.class, TAIL).place(MotionEnergy.class, 0).place(Corners.class, 0).place(Flow.class, 0)
            .place(Brightness.class, 0);
    }

    private Bench sound() {
        return bench(Studio.SOUND, List.of(new LevelAnalyzer(library), new SpectrumAnalyzer(library)))
            .place(Level.class, 0).place(Spectrum.class, 0);
    }

    private static Bench bench(RingFormat format, List<Analyzer> chain) {
        return new Bench(format, DEFAULTS, chain);
    }

    @Test
    void shouldFollowASquareFromYuyvToFlow() throws Exception {
        try (var studio = new Studio(Studio.PICTURES, null); var bench = pictures()) {
            followSquare(studio, bench);
        }
    }

    @Test
    void shouldNotShowMemoryToCThatSomebodyMayCut(@TempDir Path directory) throws Exception {
        try (var studio = new Studio(Studio.PICTURES, directory); var bench = pictures()) {
            try (var lease = studio.square(0, 10, 10)) {
                assertThat(lease.sealed()).isFalse();
            }
            followSquare(studio, bench);
        }
    }

    private static void followSquare(Studio studio, Bench bench) throws Exception {
        for (int n = 1; n < 8; n++) {
            int x = 50 + 4 * n;
            int y = 100 - 2 * n;
            try (var lease = studio.square(n, x, y)) {
                bench.look(lease, 0);
            }
            assertThat(bench.result(Grey.class).width()).isEqualTo(Studio.WIDTH);
            assertThat(bench.result(Corners.class).count()).isEqualTo(4);
            assertThat(bench.result(Brightness.class).mean()).isCloseTo(50 + 160f * 40 * 40 / TAIL, within(1e-3f));
            if (n > 1) {
                expectMotion(bench, x - 2 + 19.5f, y + 1 + 19.5f);
            }
        }
    }

    private static void expectMotion(Bench bench, float x, float y) {
        var motion = bench.result(MotionEnergy.class);
        assertThat(motion.centroidX()).isCloseTo(x, within(0.1f));
        assertThat(motion.centroidY()).isCloseTo(y, within(0.1f));
        assertThat(motion.framesApart()).isEqualTo(1);
        var flow = bench.result(Flow.class);
        assertThat(flow.count()).isEqualTo(4);
        for (int i = 0; i < 4; i++) {
            assertThat(flow.dx(i)).isCloseTo(4, within(0.1f));
            assertThat(flow.dy(i)).isCloseTo(-2, within(0.1f));
        }
    }

    @Test
    void shouldAttachNoMotionToTheFirstFrame() throws Exception {
        try (var studio = new Studio(Studio.PICTURES, null); var bench = pictures()) {
            try (var lease = studio.square(1, 10, 10)) {
                bench.look(lease, 0);
            }
            assertThat(bench.result(MotionEnergy.class)).isNull();
            assertThat(bench.result(Flow.class)).isNull();
            assertThat(bench.result(Corners.class)).isNotNull();
        }
    }

    @Test
    void shouldHearAToneInItsBinAndAtItsLevel() throws Exception {
        int levels = 0;
        int spectra = 0;
        try (var studio = new Studio(Studio.SOUND, null); var bench = sound()) {
            for (int n = 0; n < 600; n++) {
                try (var lease = studio.tone(n, 100 * 187.5, -6)) {
                    bench.look(lease, 0);
                }
                levels += expectLevel(bench) ? 1 : 0;
                spectra += expectSpectrum(bench) ? 1 : 0;
            }
        }
        assertThat(levels).isEqualTo(10);
        assertThat(spectra).isEqualTo(37);
    }

    private static boolean expectLevel(Bench bench) {
        var level = bench.result(Level.class);
        if (level == null) {
            return false;
        }
        for (int channel = 0; channel < Studio.CHANNELS; channel++) {
            assertThat(level.rms(channel)).isCloseTo(-6 - 6 * channel - 3.01f, within(0.1f));
            assertThat(level.peak(channel)).isCloseTo(-6 - 6 * channel, within(0.1f));
        }
        assertThat(level.channels()).isEqualTo(Studio.CHANNELS);
        assertThat(level.frames()).isEqualTo(3840);
        return true;
    }

    private static boolean expectSpectrum(Bench bench) {
        var spectrum = bench.result(Spectrum.class);
        if (spectrum == null) {
            return false;
        }
        double mean = 0;
        for (int channel = 0; channel < Studio.CHANNELS; channel++) {
            mean += Math.pow(10, -6.0 * channel / 20) / Studio.CHANNELS;
        }
        assertThat(spectrum.power(100)).isCloseTo((float) (-9.01 + 20 * Math.log10(mean)), within(0.1f));
        assertThat(spectrum.power(103)).isLessThan(-90);
        assertThat(spectrum.binHz()).isEqualTo(187.5f);
        assertThat(bench.spanFirst % 1024).isZero();
        assertThat(bench.spanFrames).isEqualTo(1024);
        return true;
    }

    @Test
    void shouldAllocateNothingPerItem() throws Exception {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (var studio = new Studio(Studio.SOUND, null); var analyzer = new SpectrumAnalyzer(library);
                var bench = new Bench(Studio.SOUND, DEFAULTS, List.of(analyzer)).place(Spectrum.class, 0);
                var lease = studio.tone(0, 1000, -6)) {
            for (int i = 0; i < 20_000; i++) {
                bench.look(lease, 0);
            }
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 20_000; i++) {
                bench.look(lease, 0);
            }
            assertThat(threads.getCurrentThreadAllocatedBytes() - before).as("bytes for 20,000 items")
                .isLessThan(20_000);
        }
    }

    @Test
    void shouldSayWhichValuesAParameterTakes() {
        var analyzer = new MotionAnalyzer(library);
        assertThatThrownBy(() -> analyzer.begin(new Bench.At(Studio.PICTURES, Map.of("threshold", "0"))))
            .isInstanceOf(BadInputException.class).hasMessage("threshold is 0, but it must be from 1 to 255");
        assertThatThrownBy(() -> analyzer.begin(new Bench.At(Studio.SOUND, DEFAULTS)))
            .hasMessageStartingWith("the analyser motion cannot work here");
    }

    @Test
    void shouldSayHowMuchTailAResultCanHave() {
        var stage = new Bench.At(Studio.PICTURES, DEFAULTS);
        assertThat(new GreyAnalyzer(library).tailBytes(Grey.class, stage)).isEqualTo(TAIL);
        assertThat(new MotionAnalyzer(library).tailBytes(MotionEnergy.class, stage)).isZero();
    }
}
