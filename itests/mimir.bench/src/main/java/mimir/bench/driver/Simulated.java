// SPDX-License-Identifier: Apache-2.0
package mimir.bench.driver;

import java.util.List;
import mimir.bench.Results;
import mimir.bench.Scale;
import mimir.bench.Trial;
import mimir.driver.sim.BareSim;
import mimir.ring.BundleRings;
import mimir.ring.HostClock;
import mimir.ring.RingStore;

/**
 * The simulated driver: a camera and an audio interface whose items arrive, are written with content and checksum, and
 * are published by its two threads. From the arrival on. Confined: run once.
 */
record Simulated() implements Trial {
    private static final String CAMERA = """
            {"mode":{"width":640,"height":480,"format":"YUYV"},"rateHz":%d,"events":{"periodMs":0}}""";
    private static final String AUDIO = """
            {"mode":{"channels":8,"blockFrames":64},"rateHz":192000,"events":{"periodMs":0}}""";

    @Override
    public void run(Scale scale, Results results) throws Exception {
        try (var store = RingStore.unseen(); var driver = new BareSim(new BundleRings(store))) {
            var rings = List.of(driver.add("bench.camera", "camera", CAMERA.formatted(Course.FRAMES_PER_SECOND)),
                    driver.add("bench.audio", "audio", AUDIO));
            try (var course = new Course(rings, HostClock::nowNs)) {
                driver.start(course.workers());
                course.run(scale);
                driver.stop();
                course.finish(rings.stream().map(ring -> ring.stats().published()).toList(), results);
            }
        }
    }
}
