// SPDX-License-Identifier: Apache-2.0
package mimir.api.work;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The pools of the engine: one for each class below CRITICAL, whose threads share what there is to do, earliest
 * deadline first. Thread-safe.
 */
@ProviderType
public interface Pools {
    /**
     * A new strand. Control thread; allocates.
     *
     * @param name what it does, for people
     * @param workClass HIGH, NORMAL, LOW or IDLE
     * @param budgetNs time that one run should take at most; after ten times as long, at least a second, it is called
     * {@link StrandStats#stuck}. After a second, whatever the budget, the pool gets another thread in the place of the
     * run's, which goes on under the policy of class IDLE
     * @param job what it runs
     * @throws IllegalArgumentException for CRITICAL, which has no pool, and for a budget that is not positive
     * @throws IllegalStateException with a sentence that counts, when the pool has no place for one more: its queues do
     * not grow
     */
    Strand strand(String name, WorkClass workClass, long budgetNs, Job job);

    /**
     * A new strand on trial: it runs apart from the pool of its class, on other threads of that class, until it is
     * admitted to it ({@link Strand#admit}). Code that the JVM has not translated yet takes a hundred times as long as
     * later, and whoever stands in the same queue would pay for it. All else is as with {@link #strand}.
     */
    Strand trial(String name, WorkClass workClass, long budgetNs, Job job);

    /** All strands that are not closed. Allocates. */
    List<StrandStats> strands();

    /** What a strand runs. */
    @FunctionalInterface
    @ConsumerType
    interface Job {
        /** Returned when there is nothing to do until {@link Strand#ready} is called again. */
        long DONE = Long.MAX_VALUE;

        /**
         * Does one piece of work. An exception is counted, and nothing follows until {@link Strand#ready} is called
         * again.
         *
         * @return deadline of the next piece, host time in ns, when there is one already; else {@link #DONE}
         */
        long run() throws Exception;
    }
}
