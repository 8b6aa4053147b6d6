// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import mimir.api.analysis.Analyzer;

/**
 * An analyser that can be had. Immutable.
 *
 * @param declaration what it says of itself
 * @param instances makes one for each stage
 */
public record Offer(Declaration declaration, Instances instances) {

    /** Makes analysers and takes them back. Called by control threads. */
    public interface Instances {
        /**
         * A new one.
         *
         * @throws IllegalStateException when its bundle is gone or it cannot be made: a sentence
         */
        Analyzer make();

        /** The analyser was closed and is not used any more. */
        void giveBack(Analyzer analyzer);
    }
}
