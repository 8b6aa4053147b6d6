// SPDX-License-Identifier: Apache-2.0
package mimir.sync.xdf;

import java.util.ArrayList;
import java.util.List;
import mimir.api.time.ClockMap;
import mimir.sync.ClockEstimator;

/**
 * Maps one stream's clock: where the measured offset jumps by more than clocks can drift, or the clock runs backwards,
 * a new epoch begins. Confined.
 */
final class XdfClock {
    private static final double LEAST_JUMP_S = 0.05;  // more than a network makes of an offset
    private static final double MOST_DRIFT = 1e-3;    // ten times what crystals do
    private static final String MODEL = "xdf";

    private final int id;
    private final XdfTrack track;
    private final ClockEstimator estimator = ClockEstimator.ofExchanges();
    private final List<XdfPiece> pieces = new ArrayList<>();
    private final List<XdfReset> resets = new ArrayList<>();
    private List<ClockMap> maps = new ArrayList<>();
    private int first;        // measurement of the piece
    private int last;
    private int measurements;
    private int outliers;
    private double sum;
    private double squares;

    XdfClock(int id, XdfTrack track) {
        this.id = id;
        this.track = track;
    }

    XdfStream map() {
        for (int i = 0; i < track.measured(); i++) {
            if (measurements > 0 && apart(last, i)) {
                if (i + 1 < track.measured() && !apart(last, i + 1)) {
                    outliers++;
                    continue;
                }
                reset(i);
            }
            observe(i);
        }
        if (measurements > 0) {
            end();
        }
        var header = track.header();
        return new XdfStream(id, header.name(), header.type(), header.channels(), header.nominalHz(), track.samples(),
                track.first(), track.last(), outliers, pieces, resets);
    }

    /** Whether two measurements cannot be of one clock that ran on. */
    private boolean apart(int before, int after) {
        double passed = track.time(after) - track.time(before);
        return passed < 0 || Math.abs(track.offset(after) - track.offset(before)) > LEAST_JUMP_S + MOST_DRIFT * passed;
    }

    private void reset(int next) {
        resets.add(new XdfReset(recorderS(last), recorderS(next), track.offset(last) - track.offset(next)));
        end();
        estimator.epoch(pieces.size());
    }

    private double recorderS(int index) {
        return track.time(index) + track.offset(index);
    }

    private void observe(int index) {
        first = measurements == 0 ? index : first;
        last = index;
        measurements++;
        long host = hostNs(index);
        estimator.observe(deviceNs(index), host);
        note();
        sum += track.offset(index);
    }

    private long deviceNs(int index) {
        return Math.round(track.time(index) * XdfPiece.NS);
    }

    private long hostNs(int index) {
        return deviceNs(index) + Math.round(track.offset(index) * XdfPiece.NS);
    }

    private void note() {
        var map = estimator.map().snapshot(track.header().name(), MODEL);
        boolean fresh = map != null && map.epoch() == pieces.size()
                && (maps.isEmpty() || maps.getLast().deviceReference() < map.deviceReference());
        if (fresh) {
            maps.add(map);
        }
    }

    private void end() {
        estimator.finish(deviceNs(last), hostNs(last));
        note();
        double offset = track.offset(last);
        double drift = 0;
        double uncertainty = Double.NaN;
        if (measurements == 1) { // nothing but what was measured
            maps = List.of(new ClockMap(track.header().name(), pieces.size(), 0, deviceNs(last), hostNs(last), 1,
                    Long.MAX_VALUE, MODEL));
        } else {
            var map = maps.getLast();
            offset = (map.canonicalNs(deviceNs(last)) - deviceNs(last)) / XdfPiece.NS;
            drift = (map.nsPerTick() - 1) * 1e6;
            uncertainty = map.uncertaintyNs() / XdfPiece.NS;
        }
        var piece = new XdfPiece(maps, track.time(first), track.time(last), measurements, offset, drift, uncertainty,
                sum / measurements, 0);
        pieces.add(withResidual(piece));
        maps = new ArrayList<>();
        measurements = 0;
        sum = 0;
    }

    private XdfPiece withResidual(XdfPiece piece) {
        squares = 0;
        for (int i = first; i <= last; i++) {
            double residual = recorderS(i) - piece.recorderS(track.time(i));
            squares += Math.abs(residual) > LEAST_JUMP_S ? 0 : residual * residual;
        }
        return new XdfPiece(piece.maps(), piece.fromS(), piece.untilS(), piece.measurements(), piece.offsetS(),
                piece.driftPpm(), piece.uncertaintyS(), piece.measuredS(), Math.sqrt(squares / piece.measurements()));
    }
}
