// SPDX-License-Identifier: Apache-2.0
package mimir.api.sync;

import mimir.api.time.ClockMap;

/**
 * How a device's clock stands to canonical time, and what that is known from. It follows from the device and host times
 * of the items alone: who replays these gets it again, bit by bit. Refers to no payload. Immutable.
 *
 * @param map the clock map: source, epoch and segment, rate, uncertainty, id of the model
 * @param atNs canonical time of the item after which it was made, ns
 * @param offsetNs canonical time less device time by its nominal rate, at the reference of the map, ns
 * @param driftPpm by how much the device's periods are longer than nominal, ppm
 * @param noiseNs one sigma of what is least late in half a second, ns
 * @param gridNs spacing of the grid that items arrive on, ns; 0: none that is known
 * @param residuals what the map leaves of the items since the report before
 * @param observations items that were looked at, over all epochs
 * @param confidence share of the true errors that the uncertainty claims to hold
 * @param evidence what it is known from: {@code arrivals}, or {@code arrivals at another host}
 */
public record SyncReport(ClockMap map, long atNs, long offsetNs, double driftPpm, double noiseNs, double gridNs,
        Residuals residuals, long observations, double confidence, String evidence) {

    /**
     * When items arrived, less when the map says that they were taken: what is left is delay. Immutable.
     *
     * @param items how many; 0 before the first map of an epoch, with all others 0
     * @param leastNs the smallest, ns
     * @param meanNs their mean, ns
     * @param mostNs the largest, ns
     */
    public record Residuals(long items, long leastNs, long meanNs, long mostNs) {
    }
}
