// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;
import mimir.api.swap.Swapped.Gap;
import mimir.ring.Checksum;
import mimir.ring.Descriptor;
import mimir.ring.Lease;
import mimir.ring.Profile;
import mimir.ring.Ring;
import mimir.ring.RingReader;
import mimir.ring.Start;

/**
 * Watches the sources of a driver from before its start to the first good item of each. Opened while the driver is
 * stopped, anew for each attempt: what a failed attempt has published confirms nothing. Confined to the thread that
 * swaps.
 */
final class Confirmation implements AutoCloseable {
    private static final long LOOK_NS = 100_000_000;
    private static final long REGISTERED_NS = 1_000_000;

    private final List<Watched> sources = new ArrayList<>();
    private final long deadline;
    private final Duration patience;

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

    private record Watched(Former former, RingReader reader, int epochSoFar) {
    }

    Confirmation(List<Former> formers, Duration patience) {
        this.patience = patience;
        deadline = System.nanoTime() + patience.toNanos();
        for (var former : formers) {
            int epochSoFar = former.ring().stats().epoch();
            sources.add(new Watched(former, former.ring().reader("swap", Profile.EVERY, Start.NOW), epochSoFar));
        }
    }

    /**
     * Waits until each source has given an item and is published.
     *
     * @param fault says why a source cannot come, or null as long as it may
     * @param published identities of the sources that the driver publishes now
     * @return the gaps
     * @throws IllegalStateException when a source did not come back; the message says which
     */
    List<Gap> await(Function<String, String> fault, Supplier<Set<String>> published) {
        var gaps = new ArrayList<Gap>();
        for (var source : sources) {
            gaps.add(first(source, fault));
        }
        for (var source : sources) {
            while (!published.get().contains(source.former().id())) {
                check(source, fault);
                LockSupport.parkNanos(REGISTERED_NS);
            }
        }
        return gaps;
    }

    private Gap first(Watched source, Function<String, String> fault) {
        while (true) {
            var gap = next(source);
            if (gap != null) {
                return gap;
            }
            check(source, fault);
            source.reader().await(LOOK_NS);
        }
    }

    private void check(Watched source, Function<String, String> fault) {
        var why = fault.apply(source.former().id());
        if (why != null) {
            throw new IllegalStateException("source " + source.former().id() + " did not come back: " + why);
        }
        if (System.nanoTime() > deadline) {
            throw new IllegalStateException("source " + source.former().id() + " gave no good item within "
                    + patience.toSeconds() + " s");
        }
    }

    /** The gap up to the first good item of a new epoch, or null when none has come yet. */
    private static Gap next(Watched source) {
        for (var lease = source.reader().next(); lease != null; lease = source.reader().next()) {
            var gap = isGood(lease, source.epochSoFar()) ? gap(source.former(), lease.descriptor()) : null;
            if (lease.release() && gap != null) {
                return gap;
            }
        }
        return null;
    }

    /** A parked thread may go on writing items of the former epoch; damaged ones confirm nothing either. */
    private static boolean isGood(Lease lease, int epochSoFar) {
        var item = lease.descriptor();
        return item.epoch() > epochSoFar && !item.has(Descriptor.CORRUPT) && lease.verify() != Checksum.WRONG;
    }

    private static Gap gap(Former former, Descriptor item) {
        long gapNs = former.lastNs() == 0 ? -1 : item.hostTimeNs() - former.lastNs();
        return new Gap(former.id(), gapNs, former.epoch(), item.epoch());
    }

    @Override
    public void close() {
        sources.forEach(source -> source.reader().close());
    }
}
