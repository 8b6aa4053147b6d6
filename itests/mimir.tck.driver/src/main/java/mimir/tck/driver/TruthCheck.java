// SPDX-License-Identifier: Apache-2.0
package mimir.tck.driver;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import mimir.api.time.TruthSource;
import mimir.ring.Checksum;
import mimir.ring.Descriptor;
import mimir.ring.HostClock;

/** What descriptors say is so, as far as the twin knows. Immutable. */
final class TruthCheck implements Check {
    private static final int LEAST = 40;
    private static final long LATEST_NS = 2_000_000_000L;

    @Override
    public String name() {
        return "truth";
    }

    @Override
    public String property() {
        return "Descriptors are true: sequence, device time, host time, size and checksum agree with the twin's truth.";
    }

    @Override
    public Duration limit(Effort effort) {
        return effort.waits(6);
    }

    @Override
    public String look(Stand stand) {
        long items = 0;
        long latest = 0;
        for (var mode : stand.plan().steady()) {
            try (var opened = stand.open(mode.device())) {
                stand.hiccups().forget();
                int number = (int) Math.max(LEAST, mode.itemsPerSecond() * 0.3);
                var notes = opened.follower().knowing(opened.truth()).take(number, stand.effort().patience());
                notes.forEach(note -> single(opened, note, LATEST_NS + stand.hiccups().longestNs()));
                times(opened.id(), notes, mode);
                items += notes.size();
                latest = Math.max(latest, notes.stream().mapToLong(note -> note.hostNs() - note.trueNs()).max()
                        .orElseThrow());
            }
        }
        return String.format(Locale.ROOT, "%d descriptors are true; items came at most %.1f ms after the device took "
                + "them", items, latest / 1e6);
    }

    private static void single(Opened opened, Note note, long latestNs) {
        var id = opened.id();
        if (note.trueNs() == TruthSource.UNKNOWN) {
            throw fault(id, note, "is unknown to its TruthSource; keep the truth of the last 65,536 items");
        }
        if (note.sourceId() != opened.follower().ring().sourceId()) {
            throw fault(id, note, "says source " + note.sourceId() + ", and its ring is that of "
                    + opened.follower().ring().sourceId());
        }
        if (note.hostNs() < note.trueNs() || note.hostNs() > HostClock.nowNs()) {
            throw fault(id, note, String.format(Locale.ROOT, "says that it came %.3f ms after the device took it; stamp"
                    + " CLOCK_MONOTONIC_RAW when it arrives", (note.hostNs() - note.trueNs()) / 1e6));
        }
        if (note.hostNs() - note.trueNs() > latestNs) {
            throw fault(id, note, "came " + (note.hostNs() - note.trueNs()) / 1_000_000 + " ms after the device took "
                    + "it; drop what is that late as OVERRUN");
        }
        if (note.checksum() == Checksum.ABSENT) {
            throw fault(id, note, "has no checksum; a twin gives the CRC32C of each payload");
        }
    }

    private static void times(String id, List<Note> notes, KitPlan.Mode mode) {
        double periodNs = 1e9 / mode.itemsPerSecond();
        for (int i = 1; i < notes.size(); i++) {
            var before = notes.get(i - 1);
            var note = notes.get(i);
            if (note.epoch() != before.epoch()) {
                continue;
            }
            if (note.clock() != before.clock()) {
                throw fault(id, note, "has another kind of device clock than the one before it");
            }
            double trueNs = note.trueNs() - before.trueNs();
            double expected = (note.sequence() - before.sequence()) * periodNs;
            if (Math.abs(trueNs - expected) > 0.1 * expected + 1e6) {
                throw fault(id, note, String.format(Locale.ROOT, "was taken %.3f ms after the one before it, which is "
                        + "%.3f ms by its rate", trueNs / 1e6, expected / 1e6));
            }
            double deviceNs = note.deviceNsSince(before);
            if (note.clock() != Descriptor.CLOCK_NONE && Math.abs(deviceNs - trueNs) > 0.1 * trueNs + 1e6) {
                throw fault(id, note, String.format(Locale.ROOT, "is %.3f ms after the one before it by the device's "
                        + "clock, and %.3f ms in truth; give the raw time of the device", deviceNs / 1e6,
                        trueNs / 1e6));
            }
        }
    }

    private static Shortfall fault(String id, Note note, String what) {
        return new Shortfall(id + ": " + note.place() + " " + what);
    }
}
