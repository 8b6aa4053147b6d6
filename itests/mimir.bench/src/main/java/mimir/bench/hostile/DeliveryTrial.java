// SPDX-License-Identifier: Apache-2.0
package mimir.bench.hostile;

import mimir.api.analysis.Analyzers.StageStats;
import mimir.bench.Results;
import mimir.bench.Scale;
import mimir.bench.Trial;

/**
 * Delivery, from the publication by a capture thread until a reader of class CRITICAL has the item. Confined: run once.
 *
 * @param hostile with four analysers on the camera from the begin of what counts on: see {@link Hostile#all}
 */
record DeliveryTrial(boolean hostile) implements Trial {
    private static final int WARM_FRAMES = 120;
    private static final int COUNTED_FRAMES = 360;

    @Override
    public void run(Scale scale, Results results) throws Exception {
        try (var scene = new Scene()) {
            scene.await(scale.of(WARM_FRAMES));
            scene.count();
            if (hostile) {
                scene.attachHostiles();
            }
            scene.await(scale.of(COUNTED_FRAMES));
            var stages = scene.host.stages();
            results.note("stages.count", stages.stream().filter(stage -> stage.items() > 0).count());
            results.note("allocated.count", stages.stream().mapToLong(StageStats::allocatedBytes).sum());
            scene.finish(results);
        }
    }
}
