// SPDX-License-Identifier: Apache-2.0
package mimir.soak;

import java.util.List;
import java.util.Map;

/** What a proof has found so far. Thread-safe. */
interface Findings {
    /** Name of the proof. */
    String proof();

    /** Goals, and what was reached. */
    List<Row> rows();

    /** Figures without a goal, by a name that holds the unit. */
    Map<String, Double> figures();

    /** For programs only: what the rows were made of. */
    Map<String, Object> details();
}
