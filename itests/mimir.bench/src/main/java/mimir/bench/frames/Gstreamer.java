// SPDX-License-Identifier: Apache-2.0
package mimir.bench.frames;

import mimir.bench.Results;
import mimir.bench.Scale;
import mimir.bench.Trial;

/**
 * The peer of {@link InProcess}: the same by GStreamer in one process, without a copy. Confined: run once.
 *
 * @param frames in all; the first quarter is warm-up
 * @param fps 0: as fast as they go
 * @param touch every consumer reads every byte
 */
record Gstreamer(int frames, int fps, boolean touch) implements Trial {
    @Override
    public void run(Scale scale, Results results) throws Exception {
        try (var program = new Program("gst_frames", scale.of(frames), fps, touch ? 1 : 0)) {
            program.results(0).figures().forEach(results::note);
        }
    }
}
