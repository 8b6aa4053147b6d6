// SPDX-License-Identifier: Apache-2.0
package mimir.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import mimir.api.analysis.Attachment;
import mimir.api.analysis.types.Grey;
import mimir.api.analysis.types.Rgb;
import mimir.api.media.PixelFormat;
import mimir.ring.RingFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Colour of frames as a PS3 Eye sends them, in real rings. Threads: confined. */
class RgbStageTest {
    private static final int WIDTH = 64;
    private static final int HEIGHT = 48;
    private static final int LINE = 3 * WIDTH;
    private static final long TAIL = (long) LINE * HEIGHT;
    private static final RingFormat MOSAIC = PixelFormat.BAYER_GRBG.packed(WIDTH, HEIGHT, 0, 60, 1, 0);

    private final AnalysisLibrary library = new AnalysisLibrary(StagesLifeTest.LIBRARY, StagesLifeTest.silent());

    @AfterEach
    void unload() {
        library.close();
    }

    private Bench bench() {
        return new Bench(MOSAIC, Map.of(), List.of(new RgbAnalyzer(library), new GreyAnalyzer(library)))
                .place(Rgb.class, TAIL).place(Grey.class, TAIL / 3);
    }

    /** A sample of the mosaic. */
    private static int at(long frame, int x, int y) {
        return Studio.noise(frame, (long) y * WIDTH + x) & 0xff;
    }

    private static int byteOf(Attachment result, long at) {
        return result.memory().get(ValueLayout.JAVA_BYTE, result.tailOffset() + at) & 0xff;
    }

    @Test
    void shouldFillInColoursAndBrightnessOfAMosaic() throws Exception {
        try (var studio = new Studio(MOSAIC, null); var bench = bench(); var lease = studio.noise(7)) {
            bench.look(lease, 0);
            var rgb = bench.result(Rgb.class);
            assertThat(List.of(rgb.width(), rgb.height(), rgb.strideBytes())).containsExactly(WIDTH, HEIGHT, LINE);
            long red = 10L * LINE + 3 * 21; // row 10 is G R, so column 21 has red
            assertThat(byteOf(rgb, red)).isEqualTo(at(7, 21, 10));
            assertThat(byteOf(rgb, red + 1)).isEqualTo((at(7, 20, 10) + at(7, 22, 10) + at(7, 21, 9) + at(7, 21, 11)
                    + 2) / 4);
            assertThat(byteOf(rgb, red + 2)).isEqualTo((at(7, 20, 9) + at(7, 22, 9) + at(7, 20, 11) + at(7, 22, 11)
                    + 2) / 4);
            assertThat(byteOf(rgb, 0)).as("the mirror image goes on beyond the edge").isEqualTo(at(7, 1, 0));
            assertThat(byteOf(bench.result(Grey.class), 10L * WIDTH + 20)).isEqualTo((at(7, 20, 10) + at(7, 21, 10)
                    + at(7, 20, 11) + at(7, 21, 11) + 2) / 4);
        }
    }

    @Test
    void shouldAllocateNothingPerFrame() throws Exception {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (var studio = new Studio(MOSAIC, null); var bench = bench(); var lease = studio.noise(1)) {
            for (int i = 0; i < 20_000; i++) {
                bench.look(lease, 0);
            }
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 20_000; i++) {
                bench.look(lease, 0);
            }
            assertThat(threads.getCurrentThreadAllocatedBytes() - before).as("bytes for 20,000 frames")
                .isLessThan(20_000);
        }
    }

    @Test
    void shouldRefuseWhatHasNoWholePattern() {
        var odd = new Bench.At(PixelFormat.BAYER_GRBG.packed(WIDTH + 1, HEIGHT, 0, 60, 1, 0), Map.of());
        assertThatThrownBy(() -> new RgbAnalyzer(library).begin(odd)).hasMessageStartingWith(
                "the analyser rgb cannot work here (error 22, the format); attach it to another source");
        assertThat(new RgbAnalyzer(library).tailBytes(Rgb.class, new Bench.At(MOSAIC, Map.of()))).isEqualTo(TAIL);
    }
}
