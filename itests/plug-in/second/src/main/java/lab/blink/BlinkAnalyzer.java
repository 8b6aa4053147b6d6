// SPDX-License-Identifier: Apache-2.0
package lab.blink;

import java.lang.foreign.ValueLayout;
import mimir.api.analysis.Analysis;
import mimir.api.analysis.Analyzer;
import mimir.api.analysis.Attacher;
import mimir.api.analysis.Input;
import mimir.api.analysis.Stage;
import mimir.api.media.FrameView;
import mimir.ring.Profile;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;

/** Finds frames that are suddenly brighter or darker. Confined to its stage. */
@Component(scope = ServiceScope.PROTOTYPE)
@Analysis(name = "blink", inputs = "frame:YUYV", outputs = Blink.class, budgetMicros = 5_000, profile = Profile.EVERY,
        parameters = "threshold=8")
public final class BlinkAnalyzer implements Analyzer {
    private double threshold;
    private float before;

    @Override
    public void begin(Stage stage) {
        threshold = stage.number("threshold");
        before = Float.NaN;
    }

    @Override
    public void analyze(Input input, Attacher results) {
        float now = brightness(input.frame());
        var blink = results.attach(Blink.class);
        blink.brightness(now);
        blink.before(Float.isNaN(before) ? now : before);
        blink.blink(Math.abs(now - before) > threshold ? 1 : 0);
        before = now;
    }

    private static float brightness(FrameView frame) {
        var memory = frame.memory();
        long sum = 0;
        for (int y = 0; y < frame.height(); y++) {
            long row = frame.planeOffset(0) + (long) y * frame.strideBytes(0);
            for (int x = 0; x < frame.width(); x++) {
                sum += memory.get(ValueLayout.JAVA_BYTE, row + 2L * x) & 0xff; // every second byte of YUYV is luma
            }
        }
        return (float) sum / (frame.width() * frame.height());
    }
}
