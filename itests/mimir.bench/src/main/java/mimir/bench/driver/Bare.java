// SPDX-License-Identifier: Apache-2.0
package mimir.bench.driver;

import java.util.List;
import mimir.api.media.PixelFormat;
import mimir.api.media.SampleFormat;
import mimir.bench.Results;
import mimir.bench.Scale;
import mimir.bench.Trial;
import mimir.bench.hostile.Device;
import mimir.ring.Abi;
import mimir.ring.BundleRings;
import mimir.ring.RingStore;

/** Two threads in C that publish items of the same sizes at the same beat, and nothing else. Confined: run once. */
record Bare() implements Trial {
    @Override
    public void run(Scale scale, Results results) throws Exception {
        try (var store = RingStore.unseen()) {
            var rings = new BundleRings(store);
            try (var camera = new Device(rings, "bench.camera", Abi.ITEM_FRAME,
                    PixelFormat.YUYV.packed(640, 480, 0, Course.FRAMES_PER_SECOND, 1, 0));
                    var audio = new Device(rings, "bench.audio", Abi.ITEM_AUDIO,
                            SampleFormat.F32_PLANAR.planar(8, 64, 192_000));
                    var course = new Course(List.of(camera.source().ring(), audio.source().ring()),
                            System::nanoTime)) {
                camera.start();
                audio.start();
                course.run(scale);
                course.finish(List.of(camera.stop(), audio.stop()), results);
            }
        }
    }
}
