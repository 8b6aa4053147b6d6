// SPDX-License-Identifier: Apache-2.0
package mimir.bench.analysis;

import java.util.List;
import mimir.bench.Case;
import mimir.engine.analysis.AttachedPair;

/** What a result costs whoever attaches and reads it. Immutable. */
public final class AnalysisSuite {
    private static final String NAME = "analysis";

    private AnalysisSuite() {
    }

    /** All trials, in the order in which a round runs them. */
    public static List<Case> cases() {
        return List.of(new Case(NAME, "mimir.pair", () -> new PairCost(AttachedPair::new)),
                new Case(NAME, "jctools.pair", () -> new PairCost(QueuePair::new)),
                new Case(NAME, "copy.pair", () -> new PairCost(CopyPair::new)));
    }
}
