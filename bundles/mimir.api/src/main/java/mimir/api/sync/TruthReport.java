// SPDX-License-Identifier: Apache-2.0
package mimir.api.sync;

/**
 * How far the clock map of a simulated device is from the truth, by looks at its newest item. An error is what the map
 * says, less the truth, less the constant delay. Immutable.
 *
 * @param source whose clock
 * @param delayNs the constant delay between taking and seeing an item, which no time stamp of the host can show, ns;
 * one number for all devices of a kind (driver and format)
 * @param samples looks that there are, at most 2,047, the newest: some seven minutes
 * @param insideShare share of them whose error was within the interval that was stated then
 * @param errorNs the newest error, ns
 * @param errorP95Ns 95 of 100 were smaller than this in size, ns
 * @param statedNs half width of the newest interval that was stated, ns
 * @param statedP50Ns half width of the median interval that was stated, ns
 * @param alarm what is wrong, one sentence that goes on after the name of the source; null when all is well
 */
public record TruthReport(String source, long delayNs, long samples, double insideShare, long errorNs,
        long errorP95Ns, long statedNs, long statedP50Ns, String alarm) {

    /**
     * One look. Immutable.
     *
     * @param atNs canonical time that the map said, ns
     * @param epoch of the item
     * @param segment of the map
     * @param errorNs error, the constant delay taken off, ns
     * @param statedNs half width of the interval, ns
     */
    public record Look(long atNs, int epoch, int segment, long errorNs, long statedNs) {
        /** Whether the interval held the truth. */
        public boolean inside() {
            return Math.abs(errorNs) <= statedNs;
        }
    }
}
