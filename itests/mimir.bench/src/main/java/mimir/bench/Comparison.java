// SPDX-License-Identifier: Apache-2.0
package mimir.bench;

import java.util.List;
import java.util.Locale;

/** Finds what became worse since an earlier run. Immutable. */
final class Comparison {
    private Comparison() {
    }

    /**
     * One sentence for each row whose ratio is worse than the baseline's by more than {@code threshold}, a fraction.
     */
    static List<String> worse(Outcome baseline, Outcome now, double threshold) {
        return now.rows().stream().flatMap(row -> baseline.rows().stream()
                .filter(before -> before.suite().equals(row.suite()) && before.name().equals(row.name()))
                .filter(before -> isWorse(before, row, threshold))
                .map(before -> String.format(Locale.ROOT, "%s: %s: %.3f, it was %.3f", row.suite(), row.name(),
                        row.ratio(),
                        before.ratio()))).toList();
    }

    private static boolean isWorse(Row before, Row now, double threshold) {
        double slack = Math.abs(before.ratio()) * threshold;
        return now.kind().moreIsBetter() ? now.ratio() < before.ratio() - slack : now.ratio() > before.ratio() + slack;
    }
}
