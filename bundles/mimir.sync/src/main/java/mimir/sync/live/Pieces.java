// SPDX-License-Identifier: Apache-2.0
package mimir.sync.live;

import java.util.ArrayList;
import java.util.List;
import mimir.api.sync.SyncReport;
import mimir.api.time.ClockMap;

/**
 * The maps of a source, one for each segment of each epoch: what was known last of the segment, for all of its items.
 * Immutable.
 */
final class Pieces {
    private record Piece(long fromNs, ClockMap map) {
    }

    private final List<Piece> pieces = new ArrayList<>();

    /** By what was found so far, oldest first. */
    Pieces(List<SyncReport> history) {
        for (var report : history) {
            var map = report.map();
            boolean same = !pieces.isEmpty() && pieces.getLast().map.epoch() == map.epoch()
                    && pieces.getLast().map.segment() == map.segment();
            long fromNs = same ? pieces.removeLast().fromNs : report.atNs();
            pieces.add(new Piece(fromNs, map));
        }
    }

    /** True when the source tells no time. */
    boolean none() {
        return pieces.isEmpty();
    }

    /** The map for an item of an epoch that the host saw then; null when nothing is known of that epoch. */
    ClockMap at(int epoch, long hostNs) {
        ClockMap found = null;
        for (var piece : pieces) {
            if (piece.map.epoch() == epoch && (found == null || piece.fromNs <= hostNs)) {
                found = piece.map;
            }
        }
        return found;
    }
}
