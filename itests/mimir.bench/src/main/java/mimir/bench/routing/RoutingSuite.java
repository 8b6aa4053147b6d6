// SPDX-License-Identifier: Apache-2.0
package mimir.bench.routing;

import java.util.List;
import java.util.Locale;
import mimir.bench.Case;
import mimir.bench.Results;
import mimir.bench.Scale;

/** What the ring itself costs, without another core, beside the ring of the baseline. Immutable. */
public final class RoutingSuite {
    private static final String NAME = "routing";
    private static final int PLACES = 24;

    private RoutingSuite() {
    }

    /** All trials. */
    public static List<Case> cases() {
        return List.of(new Case(NAME, "ring", () -> RoutingSuite::run));
    }

    private static void run(Scale scale, Results results) throws Exception {
        Baseline.contest(0).run(scale == Scale.WHOLE ? PLACES : 1).forEach((way, cost) -> {
            var name = way.name().toLowerCase(Locale.ROOT);
            results.note(name + ".ns", cost.nowNs());
            results.note(name + ".baseline.ns", cost.beforeNs());
        });
    }
}
