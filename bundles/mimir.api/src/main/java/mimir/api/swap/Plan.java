// SPDX-License-Identifier: Apache-2.0
package mimir.api.swap;

import java.util.List;

/**
 * What a swap of a bundle stops for a moment; everything else goes on. Immutable.
 *
 * @param sources identities of the sources that it publishes
 * @param analysers names of the analysers that it carries
 * @param stages of these, where they run now: {@code flow of sim.camera.1}
 */
public record Plan(List<String> sources, List<String> analysers, List<String> stages) {

    /** Lists are copied. */
    public Plan {
        sources = List.copyOf(sources);
        analysers = List.copyOf(analysers);
        stages = List.copyOf(stages);
    }
}
