// SPDX-License-Identifier: Apache-2.0
package mimir.sync.live;

import java.util.ArrayDeque;
import java.util.List;
import mimir.api.sync.SyncReport;
import mimir.api.time.ClockMap;
import mimir.sync.HostChain;

/**
 * What was found of one clock, as records, the newest {@link #MOST}. {@link #take} belongs to the thread that tells,
 * the rest to anybody.
 */
final class Course {
    static final int MOST = 2400;
    private static final String MODEL = "lower-edge-1";
    private static final String STRIP = "grid-strip-1";
    private static final double CONFIDENCE = 0.95;

    private final SourceClock clock;
    private final long[] row = new long[SourceClock.COLUMNS];
    private final ArrayDeque<SyncReport> reports = new ArrayDeque<>(); // guarded by itself
    private volatile ClockMap map;
    private volatile OtherHost host; // that times of its items are by; null: this one
    private long rows;

    Course(SourceClock clock) {
        this.clock = clock;
    }

    SourceClock clock() {
        return clock;
    }

    /** From here on times are by this host's clock; null: by ours. */
    void host(OtherHost other) {
        host = other;
    }

    /** The newest map, null without one. Does not block or allocate. */
    ClockMap map() {
        return map;
    }

    /** Makes what was found since the last call known; what was overwritten meanwhile is left out. Allocates. */
    void take() {
        var trace = clock.trace();
        long written = trace.written();
        for (rows = Math.max(rows, written - Trace.ROWS + 1); rows < written; rows++) {
            var report = trace.read(rows, row) ? report(host) : null;
            if (report != null) {
                add(report);
            }
        }
    }

    private void add(SyncReport report) {
        map = report.map();
        synchronized (reports) {
            if (reports.size() == MOST) {
                reports.removeFirst();
            }
            reports.addLast(report);
        }
    }

    /** Null as long as nothing is known of the clock that times of its items are by. */
    private SyncReport report(OtherHost other) {
        var far = other == null ? null : other.map();
        if (other == null || far == null) {
            return other == null ? report() : null;
        }
        var near = report();
        var found = HostChain.compose(near.map(), far);
        return new SyncReport(found, far.canonicalNs(near.atNs()), far.canonicalNs(near.offsetNs()),
                (found.nsPerTick() / number(SourceClock.NOMINAL) - 1) * 1e6, near.noiseNs(), near.gridNs(),
                near.residuals(), near.observations(), CONFIDENCE, "arrivals at another host");
    }

    private SyncReport report() {
        double nominal = number(SourceClock.NOMINAL);
        double rate = number(SourceClock.RATE);
        double gridNs = number(SourceClock.GRID_NS);
        long device = row[SourceClock.DEVICE];
        long canonicalNs = row[SourceClock.CANONICAL_NS];
        var found = new ClockMap(clock.id(), (int) row[SourceClock.EPOCH], (int) row[SourceClock.SEGMENT], device,
                canonicalNs, nominal * (1 + rate), (long) Math.ceil(number(SourceClock.HALF_NS)),
                gridNs > 0 ? STRIP : MODEL);
        return new SyncReport(found, canonicalNs, canonicalNs - Math.round(device * nominal), rate * 1e6,
                number(SourceClock.NOISE_NS), gridNs, residuals(), row[SourceClock.OBSERVATIONS], CONFIDENCE,
                "arrivals");
    }

    private SyncReport.Residuals residuals() {
        long items = row[SourceClock.ITEMS];
        return items == 0 ? new SyncReport.Residuals(0, 0, 0, 0) : new SyncReport.Residuals(items,
                row[SourceClock.LEAST_NS], Math.round((double) row[SourceClock.SUM_NS] / items),
                row[SourceClock.MOST_NS]);
    }

    private double number(int column) {
        return Double.longBitsToDouble(row[column]);
    }

    SyncReport newest() {
        synchronized (reports) {
            return reports.peekLast();
        }
    }

    List<SyncReport> all() {
        synchronized (reports) {
            return List.copyOf(reports);
        }
    }
}
