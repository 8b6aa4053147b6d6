// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import mimir.api.swap.Swapped.Gap;
import mimir.ring.Checksum;
import mimir.ring.Descriptor;
import mimir.ring.Lease;
import mimir.ring.Profile;
import mimir.ring.Ring;
import mimir.ring.RingReader;
import mimir.ring.RingStats;
import mimir.ring.Start;

/**
 * Watches the sources of a driver from before its start to the first good item of each. Opened while the driver is
 * stopped, anew for each attempt: what a failed attempt has published confirms nothing. Confined to the thread that
 * swaps.
 */
final class Confirmation implements AutoCloseable {
    private static final long PUBLISHED_NS = 1_000_000;
    private static final int FAULT_LOOKS = 20;
    private static final int EXCUSE_LOOKS = 500;

    private final List<Watched> sources = new ArrayList<>();
    private final Patience patience;
    private final boolean running;

    /**
     * A source as the driver left it before the swap. Immutable.
     *
     * @param lastNs host time of its last item, 0 when there was none
     * @param epoch epoch of that
     */
    record Former(String id, Ring ring, long lastNs, int epoch) {
        static List<Former> of(Map<String, Ring> rings) {
            return rings.entrySet().stream().map(source -> {
                var stats = source.getValue().stats();
                return new Former(source.getKey(), source.getValue(), stats.lastCommitNs(), stats.epoch());
            }).toList();
        }
    }

    /** A source in sight. Confined. */
    private static final class Watched {
        private final Former former;
        private final RingReader reader;
        private final int epochSoFar;
        private long lastNs;

        Watched(Former former) {
            this.former = former;
            epochSoFar = former.ring().stats().epoch();
            reader = former.ring().reader("swap", Profile.EVERY, Start.NOW);
            lastNs = former.lastNs();
        }

        String id() {
            return former.id();
        }

        RingStats stats() {
            return former.ring().stats();
        }
    }

    /** Of sources that have stopped: what a parked thread goes on to publish counts for nothing. */
    Confirmation(List<Former> formers, Patience patience) {
        this(formers, patience, false);
    }

    private Confirmation(List<Former> formers, Patience patience, boolean running) {
        this.patience = patience;
        this.running = running;
        formers.forEach(former -> sources.add(new Watched(former)));
    }

    /** Of sources that are yet to stop: the last item before the gap may be still to come. */
    static Confirmation ofRunning(List<Former> formers, Patience patience) {
        return new Confirmation(formers, patience, true);
    }

    /**
     * Waits until each source is published and has given an item; one that need not come is no failure.
     *
     * @param fault says why a source cannot come, or null as long as it may
     * @param excused whether a source need not come: somebody stopped it meanwhile, or its camera was away before
     * @param published identities of the sources that the driver publishes now
     * @return the gaps
     * @throws IllegalStateException when a source did not come back; the message says which
     */
    List<Gap> await(Function<String, String> fault, Predicate<String> excused, Supplier<Set<String>> published) {
        var start = new Deadline(patience.start());
        var waited = new ArrayList<>(sources);
        waited.removeIf(source -> !isPublished(source.id(), start, fault, excused, published));
        return firstItems(waited, fault, excused);
    }

    private List<Gap> firstItems(List<Watched> waited, Function<String, String> fault, Predicate<String> excused) {
        var gaps = new TreeMap<String, Gap>();
        var deadlines = new HashMap<Watched, Deadline>();
        waited.forEach(source -> deadlines.put(source, new Deadline(patience.firstItem(source.stats()))));
        while (!waited.isEmpty()) {
            waited.removeIf(source -> isSettled(source, deadlines.get(source), fault, excused, gaps));
            if (!waited.isEmpty()) {
                waited.getFirst().reader.await(Deadline.LOOK_NS);
            }
        }
        return List.copyOf(gaps.values());
    }

    private boolean isSettled(Watched source, Deadline deadline, Function<String, String> fault,
            Predicate<String> excused, Map<String, Gap> gaps) {
        var gap = next(source);
        if (gap != null) {
            gaps.put(source.id(), gap);
            return true;
        }
        if (cannotCome(source.id(), fault, excused)) {
            return true;
        }
        if (!deadline.passed()) {
            return false;
        }
        if (!excused.test(source.id())) {
            throw new IllegalStateException("source " + source.id() + " gave no good item within " + deadline);
        }
        return true;
    }

    private static boolean isPublished(String id, Deadline start, Function<String, String> fault,
            Predicate<String> excused, Supplier<Set<String>> published) {
        for (int look = 0; !published.get().contains(id); look++) {
            // it costs a driver that is starting more than it tells, most of the time
            if (look % FAULT_LOOKS == 0 && cannotCome(id, fault, excused)) {
                return false;
            }
            boolean late = start.passed();
            if ((late || look % EXCUSE_LOOKS == EXCUSE_LOOKS - 1) && excused.test(id)) {
                return false;
            }
            if (late) {
                throw new IllegalStateException("source " + id + " was not published within " + start);
            }
            LockSupport.parkNanos(PUBLISHED_NS);
        }
        return true;
    }

    private static boolean cannotCome(String id, Function<String, String> fault, Predicate<String> excused) {
        var why = fault.apply(id);
        if (why != null && !excused.test(id)) {
            throw new IllegalStateException("source " + id + " did not come back: " + why);
        }
        return why != null;
    }

    /** The gap up to the first good item of a new epoch, or null when none has come yet. */
    private Gap next(Watched source) {
        for (var lease = source.reader.next(); lease != null; lease = source.reader.next()) {
            var item = lease.descriptor();
            long hostNs = item.hostTimeNs();
            boolean isFormer = item.epoch() <= source.epochSoFar;
            var gap = isGood(lease, source.epochSoFar) ? gap(source, item) : null;
            boolean whole = lease.release();
            if (whole && gap != null) {
                return gap;
            }
            if (running && whole && isFormer) {
                source.lastNs = hostNs;
            }
        }
        return null;
    }

    /** A parked thread may go on writing items of the former epoch; damaged ones confirm nothing either. */
    private static boolean isGood(Lease lease, int epochSoFar) {
        var item = lease.descriptor();
        return item.epoch() > epochSoFar && !item.has(Descriptor.CORRUPT) && lease.verify() != Checksum.WRONG;
    }

    private static Gap gap(Watched source, Descriptor item) {
        long gapNs = source.lastNs == 0 ? -1 : item.hostTimeNs() - source.lastNs;
        return new Gap(source.id(), gapNs, source.former.epoch(), item.epoch());
    }

    @Override
    public void close() {
        sources.forEach(source -> source.reader.close());
    }
}
