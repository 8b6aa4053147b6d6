// SPDX-License-Identifier: Apache-2.0
package mimir.tck.driver;

import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;
import java.util.Set;
import mimir.api.work.WorkClass;
import mimir.ring.DropReason;
import mimir.ring.Lease;
import mimir.ring.Profile;
import mimir.ring.RingReader;
import mimir.ring.Start;

/** Nothing that a reader does reaches the device. Immutable. */
final class ReadersCheck implements Check {
    private static final long OVERRUN_NS = 400_000_000;
    private static final long SHORT_NS = 100_000_000;
    private static final long LONG_NS = 1_000_000_000;
    private static final int FORGIVEN = 2; // a busy machine keeps a thread waiting and another one not
    private static final Duration JOIN = Duration.ofSeconds(2);

    @Override
    public String name() {
        return "readers";
    }

    @Override
    public String property() {
        return "Readers that are slow, stand still or crash neither slow nor stop the device.";
    }

    @Override
    public Duration limit(Effort effort) {
        return effort.waits(4);
    }

    @Override
    public String look(Stand stand) {
        var mode = stand.plan().steady().stream().min(Comparator.comparingDouble(ReadersCheck::lapS)).orElseThrow();
        try (var opened = stand.open(mode.device())) {
            var ring = opened.follower().ring();
            opened.follower().take(2, stand.effort().patience());
            try (var slow = ring.reader("tck slow", Profile.EVERY, Start.NOW);
                    var still = ring.reader("tck still", Profile.LATEST, Start.NOW);
                    var crashed = ring.reader("tck crashed", Profile.EVERY, Start.OLDEST)) {
                crash(stand, crashed);
                var held = first(opened, slow, stand);
                first(opened, still, stand);
                var longest = lap(stand, opened, mode);
                lossless(opened, longest.hiccupNs());
                overtaken(opened.id(), slow, held);
                return String.format(Locale.ROOT, "a ring of %d slots was lapped under three readers that stood still; "
                        + "the longest pause between two items was %.1f ms", ring.stats().slotCount(),
                        longest.pauseNs() / 1e6);
            }
        }
    }

    /** How long it takes to overtake a reader, about. */
    private static double lapS(KitPlan.Mode mode) {
        return Math.max(mode.audio() ? 1024 : 64, mode.itemsPerSecond() * 0.5) / mode.itemsPerSecond();
    }

    /** A thread that dies with an open lease. */
    private static void crash(Stand stand, RingReader reader) {
        var worker = stand.platform().workers().start("tck crash", WorkClass.NORMAL, false, self -> reader.next());
        if (!worker.stop(JOIN)) {
            throw new IllegalStateException("a thread that reads one item did not end within " + JOIN.toSeconds()
                    + " s");
        }
    }

    private static Lease first(Opened opened, RingReader reader, Stand stand) {
        long end = System.nanoTime() + stand.effort().patience().toNanos();
        for (var lease = reader.next();; lease = reader.next()) {
            if (lease != null) {
                return lease;
            }
            if (System.nanoTime() > end) {
                throw new Shortfall(opened.id() + " gives no item while a reader holds one");
            }
            opened.follower().demand(stand.effort().patience());
        }
    }

    /** The longest pause between two items, and the longest time that the machine itself stood still. Immutable. */
    private record Longest(long pauseNs, long hiccupNs) {
    }

    /** Reads on until the slot of the first item was written anew. */
    private static Longest lap(Stand stand, Opened opened, KitPlan.Mode mode) {
        long items = opened.stats().slotCount() + 4L;
        var longest = new Longest(0, 0);
        long hiccupBefore = 0;
        int pauses = 0;
        var before = opened.follower().demand(stand.effort().patience());
        for (long i = 0; i < items; i++) {
            stand.hiccups().forget();
            var note = opened.follower().demand(stand.effort().patience());
            long hiccup = stand.hiccups().longestNs();
            long pause = note.hostNs() - before.hostNs();
            long excusedNs = 2 * (hiccup + hiccupBefore);
            pauses += pause > 10e9 / mode.itemsPerSecond() + SHORT_NS + excusedNs ? 1 : 0;
            if (pauses > FORGIVEN || pause > LONG_NS + excusedNs) {
                throw new Shortfall(String.format(Locale.ROOT, "%s paused for %.1f ms while readers stood still; claim "
                        + "and commit without waiting for anybody", opened.id(), pause / 1e6));
            }
            longest = new Longest(Math.max(longest.pauseNs(), pause), Math.max(longest.hiccupNs(), hiccup));
            hiccupBefore = hiccup;
            before = note;
        }
        return longest;
    }

    private static void lossless(Opened opened, long hiccupNs) {
        var lost = opened.stats().droppedAtSource();
        boolean excused = hiccupNs > OVERRUN_NS && lost.keySet().equals(Set.of(DropReason.OVERRUN));
        if (!lost.isEmpty() && !excused) {
            throw new Shortfall(opened.id() + " dropped " + lost + " while readers stood still");
        }
    }

    private static void overtaken(String id, RingReader slow, Lease held) {
        if (held.release()) {
            throw new Shortfall(id + ": a lease held for a whole ring is still good; write the slots in order");
        }
        var stats = slow.stats();
        if (!stats.conserved() || stats.overtaken() == 0) {
            throw new Shortfall(id + ": the account of a slow reader does not add up: " + stats);
        }
    }
}
