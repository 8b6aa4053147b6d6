// SPDX-License-Identifier: Apache-2.0
package mimir.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import mimir.api.analysis.Analysis;
import mimir.api.analysis.Analyzer;
import mimir.api.analysis.Attacher;
import mimir.api.analysis.Attachment;
import mimir.api.analysis.Input;
import mimir.api.analysis.Stage;
import mimir.api.analysis.types.Corners;
import mimir.api.analysis.types.Grey;
import mimir.api.analysis.types.MotionEnergy;
import mimir.api.media.PixelFormat;
import mimir.ring.Profile;
import mimir.tck.AnalyzerBench;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a stage in C attaches a stage in Java reads, and the other way round. */
@Tag("thorough")
class LanguagesTest {
    private static final int WIDTH = 70; // rows of the result are longer than the picture's
    private static final int HEIGHT = 40;
    private static final int ITEMS = 12;

    private final AnalysisLibrary library = BuiltLibrary.open();

    /** Grey in Java, in the place of the one in C. */
    @Analysis(name = "grey-java", inputs = "frame:YUYV", outputs = Grey.class, profile = Profile.EVERY)
    static final class JavaGrey implements Analyzer {
        private static final int STRIDE = (WIDTH + 15) / 16 * 16;

        @Override
        public long tailBytes(Class<? extends Attachment> type, Stage stage) {
            return (long) STRIDE * HEIGHT;
        }

        @Override
        public void analyze(Input input, Attacher results) {
            var frame = input.frame();
            var grey = results.attach(Grey.class, (long) STRIDE * HEIGHT);
            grey.width(WIDTH);
            grey.height(HEIGHT);
            grey.strideBytes(STRIDE);
            for (int y = 0; y < HEIGHT; y++) {
                for (int x = 0; x < STRIDE; x++) {
                    long from = frame.planeOffset(0) + (long) y * frame.strideBytes(0) + 2L * x;
                    byte value = x < WIDTH ? frame.memory().get(ValueLayout.JAVA_BYTE, from) : 0;
                    grey.memory().set(ValueLayout.JAVA_BYTE, grey.tailOffset() + (long) y * STRIDE + x, value);
                }
            }
        }
    }

    /** The mean of what another stage attached. */
    @Analysis(name = "mean-java", inputs = "frame:YUYV", needs = {Grey.class, Corners.class},
            outputs = Brightness.class, profile = Profile.EVERY)
    static final class JavaMean implements Analyzer {
        @Override
        public void analyze(Input input, Attacher results) {
            var grey = input.attachment(Grey.class);
            if (input.attachment(Corners.class).count() != 4) {
                throw new IllegalStateException("a square has four corners");
            }
            long sum = 0;
            for (int y = 0; y < grey.height(); y++) {
                for (int x = 0; x < grey.width(); x++) {
                    long at = grey.tailOffset() + (long) y * grey.strideBytes() + x;
                    sum += grey.memory().get(ValueLayout.JAVA_BYTE, at) & 0xFF;
                }
            }
            results.attach(Brightness.class).mean((float) sum / grey.width() / grey.height());
        }
    }

    @AfterEach
    void unload() {
        library.close();
    }

    /** A bright square that moves by a pixel a frame. */
    private static void square(long number, MemorySegment picture) {
        picture.fill((byte) 40);
        for (int y = 12; y < 28; y++) {
            for (int x = 12; x < 28; x++) {
                picture.set(ValueLayout.JAVA_BYTE, 2L * (y * WIDTH + x + number), (byte) 200);
            }
        }
    }

    @Test
    void shouldReadInCWhatJavaAttaches() {
        var byJava = motion().after(JavaGrey::new).run(ITEMS);
        var byC = motion().after(() -> new GreyAnalyzer(library)).run(ITEMS);

        assertThat(byJava.failures()).isEmpty();
        for (int item = 1; item < ITEMS; item++) {
            var seen = byJava.result(MotionEnergy.class, item);
            assertThat(seen.changedPixels()).isEqualTo(2 * 16); // a column is left, another one is entered
            assertThat(seen.centroidX()).isCloseTo(19 + item, within(1e-3f));
            assertThat(seen.meanDifference()).isEqualTo(byC.result(MotionEnergy.class, item).meanDifference());
        }
    }

    private AnalyzerBench motion() {
        return AnalyzerBench.of(() -> new MotionAnalyzer(library))
                .frames(WIDTH, HEIGHT, PixelFormat.YUYV, 60, LanguagesTest::square);
    }

    @Test
    void shouldReadInJavaWhatCAttaches() {
        var run = AnalyzerBench.of(JavaMean::new)
                .frames(WIDTH, HEIGHT, PixelFormat.YUYV, 60, LanguagesTest::square)
                .after(() -> new GreyAnalyzer(library)).after(() -> new CornersAnalyzer(library)).run(ITEMS);

        assertThat(run.failures()).isEmpty();
        assertThat(run.absent()).isZero();
        assertThat(run.results(Brightness.class)).hasSize(ITEMS).allSatisfy(result -> assertThat(result.mean())
                .isCloseTo(40 + 160f * 16 * 16 / (WIDTH * HEIGHT), within(1e-3f)));
    }
}
