// SPDX-License-Identifier: Apache-2.0
package mimir.analysis;

import java.lang.foreign.ValueLayout;
import mimir.api.analysis.Analysis;
import mimir.api.analysis.Analyzer;
import mimir.api.analysis.Attacher;
import mimir.api.analysis.Input;
import mimir.api.analysis.Stage;
import mimir.api.media.PixelFormat;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;

/** The template of a plug-in in plain Java: the mean brightness of a frame. Confined as every analyser is. */
@Component(service = Analyzer.class, scope = ServiceScope.PROTOTYPE)
@Analysis(name = "brightness", outputs = Brightness.class)
public final class BrightnessAnalyzer implements Analyzer {
    private int step; // bytes from one Y sample to the next

    @Override
    public void begin(Stage stage) {
        step = switch (PixelFormat.of(stage.format(0).code())) {
            case GREY, NV12, YUV444 -> 1;
            case YUYV -> 2;
            case RGB24, BAYER_GRBG -> throw new IllegalStateException(stage.source(0)
                    + " sends no Y samples; attach brightness to a source of YUYV, NV12, YUV444 or GREY");
        };
    }

    @Override
    public void analyze(Input input, Attacher results) {
        var frame = input.frame();
        var memory = frame.memory();
        long sum = 0;
        for (int y = 0; y < frame.height(); y++) {
            long row = frame.planeOffset(0) + (long) y * frame.strideBytes(0);
            for (int x = 0; x < frame.width(); x++) {
                sum += memory.get(ValueLayout.JAVA_BYTE, row + (long) x * step) & 0xFF;
            }
        }
        results.attach(Brightness.class).mean((float) sum / frame.width() / frame.height());
    }
}
