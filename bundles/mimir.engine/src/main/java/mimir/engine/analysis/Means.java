// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import java.util.function.Consumer;
import mimir.api.work.Pools;
import mimir.ring.Rings;

/**
 * What stages are made of. Immutable.
 *
 * @param warn told one sentence at a time, for the log
 */
public record Means(Rings rings, Pools pools, Results results, Times times, Consumer<String> warn) {
}
