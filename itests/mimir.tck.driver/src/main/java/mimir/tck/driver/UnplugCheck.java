// SPDX-License-Identifier: Apache-2.0
package mimir.tck.driver;

import java.time.Duration;
import java.util.Locale;
import mimir.api.time.TruthSource;

/** A device may go and come again. Immutable. */
final class UnplugCheck implements Check {
    private static final int FEW = 5;
    private static final int PERIODS = 8;

    @Override
    public String name() {
        return "unplug";
    }

    @Override
    public String property() {
        return "A device that is unplugged and plugged in again comes back by itself, in the next epoch.";
    }

    @Override
    public Duration limit(Effort effort) {
        return effort.waits(4);
    }

    @Override
    public String look(Stand stand) {
        try (var opened = stand.open(stand.plan().unplugged())) {
            var patience = stand.effort().patience();
            var follower = opened.follower().knowing(opened.truth());
            var first = follower.demand(patience);
            var before = follower.demand(patience);
            double periodNs = before.trueNs() - (double) first.trueNs();
            long end = System.nanoTime() + patience.toNanos();
            for (var note = follower.demand(patience);; note = follower.demand(patience)) {
                long awayNs = away(opened, before, note);
                if (note.epoch() > before.epoch()) {
                    return back(opened, before, note, awayNs, follower.take(FEW, patience).size());
                }
                if (awayNs > PERIODS * periodNs) {
                    throw new Shortfall(String.format(Locale.ROOT, "%s came back after %.0f ms in the same epoch; call "
                            + "mimir_ring_epoch when a device comes back", opened.id(), awayNs / 1e6));
                }
                if (System.nanoTime() > end) {
                    throw new Shortfall(opened.id() + " was not unplugged within " + patience.toSeconds()
                            + " s; let the unplugged device go away in its first second");
                }
                before = note;
            }
        }
    }

    /** By the truth, which knows nothing of a machine that stood still. */
    private static long away(Opened opened, Note before, Note now) {
        var truth = opened.truth(); // a device that comes back may bring a new one
        long trueNs = now.trueNs() == TruthSource.UNKNOWN ? truth.trueNs(now.epoch(), now.sequence()) : now.trueNs();
        if (trueNs == TruthSource.UNKNOWN || before.trueNs() == TruthSource.UNKNOWN) {
            throw new Shortfall(opened.id() + ": " + now.place() + " is unknown to its TruthSource");
        }
        return trueNs - before.trueNs();
    }

    private static String back(Opened opened, Note before, Note note, long awayNs, int more) {
        if (awayNs <= 0) {
            throw new Shortfall(opened.id() + ": " + note.place() + " was taken before the device was unplugged");
        }
        return String.format(Locale.ROOT, "away for %.0f ms, then epoch %d after %d with %d items and more", awayNs
                / 1e6, note.epoch(), before.epoch(), more);
    }
}
