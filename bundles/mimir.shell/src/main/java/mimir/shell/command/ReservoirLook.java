// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.ArrayList;
import java.util.List;
import mimir.api.reservoir.Reservoir;
import mimir.api.reservoir.ReservoirStats;
import mimir.api.reservoir.Window;
import mimir.api.reservoir.Windows;
import mimir.ring.HostClock;

/**
 * The reservoir as it is now, and where that leads if sources go on as in the last two seconds. Immutable.
 *
 * @param windows how many are kept
 * @param rates of the sources, in their order
 */
record ReservoirLook(ReservoirStats stats, long nowNs, int windows, List<Rate> rates) {
    private static final long LATELY_NS = 2_000_000_000L;
    private static final int RECORD_HEADER = 192;
    private static final double NS = 1e9;

    /**
     * What a source sends. Immutable.
     *
     * @param source what is held of it
     * @param itemsPerS items, lately
     * @param bytesPerS payload, lately
     */
    record Rate(ReservoirStats.PerSource source, double itemsPerS, double bytesPerS) {
    }

    /** Counts what lies in the last two seconds. */
    static ReservoirLook at(Reservoir reservoir, Services services) {
        var stats = reservoir.stats();
        long now = HostClock.nowNs();
        boolean refuses = stats.refused() > 0 && stats.pinnedBytes() > 0;
        var rates = new ArrayList<Rate>();
        for (var source : stats.sources()) {
            long to = refuses ? afterNewest(reservoir, source.id(), now) : now;
            rates.add(rate(reservoir, source, Math.max(to - LATELY_NS, stats.edgeNs()), to));
        }
        var windows = services.find(Windows.class).map(Windows::list).orElse(List.of());
        return new ReservoirLook(stats, now, (int) windows.stream().filter(Window::kept).count(), rates);
    }

    /** Of what finds no room nothing is there to be counted: such a source goes on as it did before that. */
    private static long afterNewest(Reservoir reservoir, String id, long now) {
        var cursor = reservoir.open(id, Long.MIN_VALUE, now);
        return cursor.nearest(now) ? cursor.canonicalNs() + 1 : now;
    }

    private static Rate rate(Reservoir reservoir, ReservoirStats.PerSource source, long from, long to) {
        var cursor = reservoir.open(source.id(), from, to);
        long items = 0;
        long bytes = 0;
        while (cursor.next()) {
            items++;
            bytes += cursor.length();
        }
        double seconds = Math.max(1, to - from) / NS;
        return new Rate(source, items / seconds, bytes / seconds);
    }

    /**
     * What the log takes in a second, with what it writes beside payload.
     *
     * @param all payload that stays in rings as well, as when it has to be copied
     */
    private double takenPerS(boolean all) {
        return rates.stream().mapToDouble(rate -> rate.itemsPerS() * RECORD_HEADER
                + (all || !rate.source().inPlace() ? rate.bytesPerS() : 0)).sum();
    }

    /** Memory of the log that is there, bytes. */
    private long logBytes() {
        return stats.presentBytes() - stats.sources().stream().mapToLong(ReservoirStats.PerSource::ringBytes).sum();
    }

    /** Seconds that it will hold when it is full: log and each of its rings; null while nothing comes. */
    Double forecastS() {
        double taken = takenPerS(false);
        double rings = rates.stream().filter(rate -> rate.source().inPlace() && rate.itemsPerS() > 0)
                .mapToDouble(rate -> rate.source().ringItems() / rate.itemsPerS()).min().orElse(Double.MAX_VALUE);
        return taken > 0 ? Math.min(logBytes() / taken, rings) : null;
    }

    /** How far back it reaches from now, seconds. */
    double edgeAgeS() {
        return stats.edgeNs() == 0 ? 0 : Math.max(0, nowNs - stats.edgeNs()) / NS;
    }

    /** Seconds until new items are refused because of what is kept back; null when nothing is. */
    Double fullInS() {
        return stats.pinnedBytes() > 0 && takenPerS(true) > 0
                ? Math.max(0, logBytes() - stats.pinnedBytes()) / takenPerS(true) : null;
    }
}
