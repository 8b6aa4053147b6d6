// SPDX-License-Identifier: Apache-2.0
package mimir.bench.hostile;

import mimir.api.analysis.Analyzers.StageStats;
import mimir.bench.Results;
import mimir.bench.Scale;
import mimir.bench.Trial;

/**
 * Delivery, from the publication by a capture thread until a reader of class CRITICAL has the item. Confined: run once.
 *
 * @param beside what goes on beside it from the begin of what counts on
 */
record DeliveryTrial(Beside beside) implements Trial {
    /** See {@link Hostile#all} and {@link LogStorm}. */
    enum Beside { NOTHING, HOSTILE, STORM }

    private static final int WARM_FRAMES = 120;
    private static final int COUNTED_FRAMES = 360;

    @Override
    public void run(Scale scale, Results results) throws Exception {
        try (var scene = new Scene(); var storm = new LogStorm()) { // an idle log beside all, for the same footing
            scene.await(scale.of(WARM_FRAMES));
            scene.count();
            switch (beside) {
                case HOSTILE -> scene.attachHostiles();
                case STORM -> storm.start(scene.workers());
                case NOTHING -> { }
            }
            scene.await(scale.of(COUNTED_FRAMES));
            var stages = scene.host.stages();
            results.note("stages.count", stages.stream().filter(stage -> stage.items() > 0).count());
            results.note("allocated.count", stages.stream().mapToLong(StageStats::allocatedBytes).sum());
            scene.finish(results);
            storm.note(results);
        }
    }
}
