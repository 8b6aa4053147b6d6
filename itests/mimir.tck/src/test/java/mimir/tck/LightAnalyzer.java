// SPDX-License-Identifier: Apache-2.0
package mimir.tck;

import java.lang.foreign.ValueLayout;
import mimir.api.analysis.Analysis;
import mimir.api.analysis.Analyzer;
import mimir.api.analysis.Attacher;
import mimir.api.analysis.Input;
import mimir.api.analysis.Stage;

/** A good citizen: the shape of the plug-in template of docs/write-an-analysis.md. Confined. */
@Analysis(name = "light", outputs = Light.class, budgetMicros = 50_000, parameters = "gain=1")
public final class LightAnalyzer implements Analyzer {
    private double gain;
    private double before;

    @Override
    public void begin(Stage stage) {
        gain = stage.number("gain");
        before = 0;
    }

    @Override
    public void analyze(Input input, Attacher results) {
        var frame = input.frame();
        var memory = frame.memory();
        long sum = 0;
        for (int y = 0; y < frame.height(); y++) {
            long row = frame.planeOffset(0) + (long) y * frame.strideBytes(0);
            for (int x = 0; x < frame.strideBytes(0); x++) {
                sum += memory.get(ValueLayout.JAVA_BYTE, row + x) & 0xff;
            }
        }
        double mean = gain * sum / ((double) frame.height() * frame.strideBytes(0));
        var light = results.attach(Light.class);
        light.mean(mean);
        light.change(mean - before);
        before = mean;
    }
}
