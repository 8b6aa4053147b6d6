// SPDX-License-Identifier: Apache-2.0
package mimir.sync.xdf;

import java.util.Comparator;
import java.util.List;

/**
 * One stream of a recording, on the recorder's clock. Immutable.
 *
 * @param id number of the stream in the file
 * @param name of the stream
 * @param type what it carries
 * @param channels values of one sample
 * @param nominalHz samples per second by its header; 0: they come when they come
 * @param samples how many there are
 * @param firstS time stamp of the first by the stream's own clock, s; NaN when there is none
 * @param lastS of the last
 * @param outliers measurements of the clock that were left out, because those before and after agree without them
 * @param pieces in the order of the file; none when the clock was never measured
 * @param resets between them, one less
 */
public record XdfStream(int id, String name, String type, int channels, double nominalHz, long samples, double firstS,
        double lastS, int outliers, List<XdfPiece> pieces, List<XdfReset> resets) {

    public XdfStream {
        pieces = List.copyOf(pieces);
        resets = List.copyOf(resets);
    }

    /**
     * The time of the recorder's clock at a time stamp of the stream's, s: by the piece that was measured nearest to
     * it, the later one of two that both were. The stamp itself when the clock was never measured: then it is the same.
     */
    public double recorderS(double stampS) {
        return pieces.reversed().stream().min(Comparator.comparingDouble(piece -> piece.away(stampS)))
                .map(piece -> piece.recorderS(stampS)).orElse(stampS);
    }
}
