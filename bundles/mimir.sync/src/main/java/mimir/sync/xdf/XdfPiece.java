// SPDX-License-Identifier: Apache-2.0
package mimir.sync.xdf;

import java.util.List;
import mimir.api.time.ClockMap;

/**
 * A stretch of a recording in which a stream's clock ran without a break, and how it maps to the recorder's clock.
 * Immutable.
 *
 * @param maps as they became known, in the order of their references; epoch: which piece, from 0. Times are ns of the
 *         stream's clock and of the recorder's
 * @param fromS first measurement, s of the stream's clock
 * @param untilS last one
 * @param measurements how many
 * @param offsetS by how much the recorder's clock is ahead at {@code untilS}, s
 * @param driftPpm how much faster it runs, at {@code untilS}
 * @param uncertaintyS half width of the interval that holds 95 % of the true errors, s; NaN for a single measurement
 * @param measuredS mean of the offsets that were measured, s
 * @param residualS root mean square of what was measured minus what the map says there, s
 */
public record XdfPiece(List<ClockMap> maps, double fromS, double untilS, int measurements, double offsetS,
        double driftPpm, double uncertaintyS, double measuredS, double residualS) {
    static final double NS = 1e9;

    public XdfPiece {
        maps = List.copyOf(maps);
    }

    /** The time of the recorder's clock at a time stamp of the stream's, s. Binary search; allocates nothing. */
    public double recorderS(double stampS) {
        long ns = Math.round(stampS * NS);
        int low = 0;
        int high = maps.size() - 1;
        while (low < high) { // the first that was made with the knowledge of what came until then
            int middle = (low + high) >>> 1;
            if (maps.get(middle).deviceReference() < ns) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return maps.get(low).canonicalNs(ns) / NS;
    }

    /** How far a time stamp is from what was measured, s; 0 within. */
    double away(double stampS) {
        return Math.max(0, Math.max(fromS - stampS, stampS - untilS));
    }
}
