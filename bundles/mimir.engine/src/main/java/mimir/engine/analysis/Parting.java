// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import mimir.api.analysis.Analyzers.StageStats;
import mimir.api.analysis.Analyzers.Trial;
import mimir.api.analysis.Analyzers.Warm;

/**
 * An analyser that was taken away and is still in a call: in its constructor, or in its close. Immutable.
 *
 * @param declaration without classes
 * @param where it is
 */
record Parting(HostedStage stage, Declaration declaration, Offer offer, String where, Aside<?> call) {

    boolean isOver() {
        return call.isOver();
    }

    /** True when it takes so long that people should know. */
    boolean isLong() {
        return call.lastsNs() > Strangers.LONG_NS;
    }

    /** What is listed of it; it counts nothing. */
    StageStats stats() {
        return new StageStats(declaration.name(), stage.sources, stage.parameters, declaration.workClass(), "stuck",
                declaration.name() + " was taken away and is still in its " + where
                + "; restart Mimir to be rid of it", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, Warm.NOT_YET,
                Trial.NONE);
    }
}
