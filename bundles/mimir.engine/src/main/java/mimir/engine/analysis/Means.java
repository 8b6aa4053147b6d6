// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import java.util.function.BiConsumer;
import java.util.function.Consumer;
import mimir.api.work.Pools;
import mimir.ring.Rings;

/**
 * What stages are made of. Immutable.
 *
 * @param warn told one sentence at a time, for the log
 * @param threads runs a call into an analyser's code on a thread of that name, which it may keep for ever
 */
public record Means(Rings rings, Pools pools, Results results, Times times, Consumer<String> warn,
        BiConsumer<String, Runnable> threads) {
}
