// SPDX-License-Identifier: Apache-2.0
package mimir.api.sync;

import java.util.List;

/**
 * One stream of a recording and how its clock stands to the recorder's. Immutable.
 *
 * @param stream number of the stream in the file
 * @param name of the stream
 * @param type what it carries
 * @param channels values of one sample
 * @param nominalHz samples per second by its header; 0: they come when they come
 * @param samples how many there are
 * @param outliers measurements of the clock that were left out, because those before and after agree without them
 * @param pieces stretches in which the clock ran without a break; none when it was never measured
 * @param resets between them, one less
 */
public record RecordedClock(int stream, String name, String type, int channels, double nominalHz, long samples,
        int outliers, List<Piece> pieces, List<Reset> resets) {

    /** Lists are copied. */
    public RecordedClock {
        pieces = List.copyOf(pieces);
        resets = List.copyOf(resets);
    }

    /**
     * A stretch without a break. Immutable.
     *
     * @param fromS first measurement, s of the stream's clock
     * @param untilS last one
     * @param measurements how many
     * @param offsetS by how much the recorder's clock is ahead at {@code untilS}, s
     * @param driftPpm how much faster it runs then
     * @param uncertaintyS half width of the interval that holds 95 % of the true errors, s; NaN for one measurement
     * @param measuredS mean of the offsets that the file has, s
     * @param residualS root mean square of these less the map, s
     */
    public record Piece(double fromS, double untilS, int measurements, double offsetS, double driftPpm,
            double uncertaintyS, double measuredS, double residualS) {
    }

    /**
     * A break. Immutable.
     *
     * @param afterS it happened after this, s of the recorder's clock
     * @param beforeS and before this
     * @param jumpS by how much the stream's clock jumped ahead, s
     */
    public record Reset(double afterS, double beforeS, double jumpS) {
    }
}
