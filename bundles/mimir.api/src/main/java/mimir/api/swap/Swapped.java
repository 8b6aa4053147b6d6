// SPDX-License-Identifier: Apache-2.0
package mimir.api.swap;

import java.util.List;

/**
 * One swap. Immutable.
 *
 * @param bundle symbolic name
 * @param outcome what came of it
 * @param gapNs from the last item before to the first after, the longest of its sources, ns; -1 when there were no
 * sources
 * @param reason one sentence when it was not swapped, null otherwise
 * @param refreshed symbolic names of all bundles that the framework refreshed
 * @param sources per source, what happened
 * @param stages of the bundle's analysers that ran before and run again: {@code flow of sim.camera.1}
 */
public record Swapped(String bundle, Outcome outcome, long gapNs, String reason, List<String> refreshed,
        List<Gap> sources, List<String> stages) {

    /** Lists are copied. */
    public Swapped {
        refreshed = List.copyOf(refreshed);
        sources = List.copyOf(sources);
        stages = List.copyOf(stages);
    }

    /** What came of a swap. */
    public enum Outcome {
        /** The new bytes run. */
        SWAPPED,
        /** The old bytes run again. */
        ROLLED_BACK,
        /** Nothing was touched. */
        REFUSED,
        /** It does not run; the reason says what to do. */
        FAILED
    }

    /**
     * The hole that the swap left in one source. Immutable.
     *
     * @param source identity
     * @param gapNs from the last item before to the first after, host time, ns
     * @param epochBefore epoch of the last item before
     * @param epochAfter epoch of the first item after
     */
    public record Gap(String source, long gapNs, int epochBefore, int epochAfter) {
    }
}
