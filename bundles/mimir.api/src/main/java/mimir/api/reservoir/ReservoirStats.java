// SPDX-License-Identifier: Apache-2.0
package mimir.api.reservoir;

import java.util.List;

/**
 * What the reservoir holds at one instant. Immutable.
 *
 * @param budgetBytes memory that it may have, fixed at start; rings whose items stay in them are part of it
 * @param presentBytes of these, there; grows while the rig warms up, and after that only when the amount was asked for
 * @param usedBytes of these, in use
 * @param pinnedBytes of these, pinned
 * @param edgeNs canonical time of the edge, ns: nothing older is there
 * @param newestNs canonical time of the newest item, ns
 * @param evicted items that the edge has passed
 * @param refused items refused because a pin held the memory
 * @param sources one entry per source, in order of identity
 * @param results one entry per ring of what analysers attached, in order of identity
 */
public record ReservoirStats(long budgetBytes, long presentBytes, long usedBytes, long pinnedBytes, long edgeNs,
        long newestNs, long evicted, long refused, List<PerSource> sources, List<PerSource> results) {

    /** The lists are copied. */
    public ReservoirStats {
        sources = List.copyOf(sources);
        results = List.copyOf(results);
    }

    /** Without results. */
    public ReservoirStats(long budgetBytes, long presentBytes, long usedBytes, long pinnedBytes, long edgeNs,
            long newestNs, long evicted, long refused, List<PerSource> sources) {
        this(budgetBytes, presentBytes, usedBytes, pinnedBytes, edgeNs, newestNs, evicted, refused, sources,
                List.of());
    }

    /** Seconds between edge and newest item. */
    public double depthS() {
        return Math.max(0, newestNs - edgeNs) / 1e9;
    }

    /**
     * What it holds of one source, or of one type of result on it. Immutable.
     *
     * @param id the source, or the ring of its results
     * @param items items since the edge
     * @param bytes payload bytes of these
     * @param discontinuities epochs that began among all items taken in so far
     * @param ringItems how many of its newest items stay in its ring, where its driver writes them; 0: all are copied
     * @param ringBytes memory of the rings in which items of it stay, as far as it is there
     * @param lost items that were pinned and that their ring overwrote before there was a copy
     */
    public record PerSource(String id, long items, long bytes, long discontinuities, int ringItems, long ringBytes,
            long lost) {
        /** Of a source whose items are copied. */
        public PerSource(String id, long items, long bytes, long discontinuities) {
            this(id, items, bytes, discontinuities, 0, 0, 0);
        }

        /** True when its items are kept where its driver writes them. */
        public boolean inPlace() {
            return ringItems > 0;
        }
    }
}
