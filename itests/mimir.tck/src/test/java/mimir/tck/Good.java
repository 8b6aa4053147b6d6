// SPDX-License-Identifier: Apache-2.0
package mimir.tck;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import mimir.api.analysis.Analysis;
import mimir.api.analysis.Analyzer;
import mimir.api.analysis.Attacher;
import mimir.api.analysis.Attachment;
import mimir.api.analysis.Input;
import mimir.api.analysis.Stage;

/** Analysers without fault, of several kinds. */
final class Good {
    private Good() {
    }

    /** Listens. Confined. */
    @Analysis(name = "loudness", inputs = "audio", outputs = Loudness.class)
    static final class Listener implements Analyzer {
        @Override
        public void analyze(Input input, Attacher results) {
            var block = input.audio();
            float peak = 0;
            for (int channel = 0; channel < block.channels(); channel++) {
                long at = block.channelOffset(channel);
                for (int i = 0; i < block.frames(); i++) {
                    peak = Math.max(peak, Math.abs(block.memory().get(ValueLayout.JAVA_FLOAT, at + 4L * i)));
                }
            }
            results.attach(Loudness.class).peak(peak);
        }
    }

    /** Tells what another one found. Confined. */
    @Analysis(name = "echo", outputs = Loudness.class, needs = Light.class)
    static final class Echo implements Analyzer {
        @Override
        public void analyze(Input input, Attacher results) {
            results.attach(Loudness.class).peak((float) input.frame().attachment(Light.class).mean());
        }
    }

    /** Compares two cameras. Confined. */
    @Analysis(name = "pair", inputs = {"frame:GREY", "frame:GREY"}, outputs = Light.class)
    static final class Pair implements Analyzer {
        @Override
        public void analyze(Input input, Attacher results) {
            if (input.item(0) != null && input.item(1) != null) {
                int left = first(input, 0);
                int right = first(input, 1);
                results.attach(Light.class).change(right - left);
            }
        }

        private static int first(Input input, int source) {
            var frame = input.frame(source);
            return frame.memory().get(ValueLayout.JAVA_BYTE, frame.planeOffset(0)) & 0xff;
        }
    }

    /** Attaches a tail: the first row. Confined. */
    @Analysis(name = "row", outputs = Light.class)
    static final class Row implements Analyzer {
        @Override
        public long tailBytes(Class<? extends Attachment> type, Stage stage) {
            return stage.format(0).strideBytes().getFirst();
        }

        @Override
        public void analyze(Input input, Attacher results) {
            var frame = input.frame();
            int bytes = frame.strideBytes(0);
            var light = results.attach(Light.class, bytes);
            light.mean(bytes);
            MemorySegment.copy(frame.memory(), frame.planeOffset(0), light.memory(), light.tailOffset(), bytes);
        }
    }

    /** Attaches now and then only. Confined. */
    @Analysis(name = "rare", outputs = Light.class)
    static final class Rare implements Analyzer {
        @Override
        public void analyze(Input input, Attacher results) {
            if (input.item().descriptor().sequence() % 3 == 0) {
                results.attach(Light.class).mean(input.missed());
            }
        }
    }
}
