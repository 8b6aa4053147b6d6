// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import mimir.api.swap.Swapped.Gap;
import mimir.ring.Profile;
import mimir.ring.Ring;
import mimir.ring.RingReader;
import mimir.ring.Start;

/**
 * Watches the sources of a driver across its swap: from the last item before to the first after. Opened while the
 * driver is stopped. Confined to the thread that swaps.
 */
final class Confirmation implements AutoCloseable {
    private static final long PATIENCE_NS = 10_000_000_000L;
    private static final long LOOK_NS = 100_000_000;

    private final List<Watched> sources = new ArrayList<>();

    private record Watched(String id, RingReader reader, long lastNs, int epoch) {
    }

    Confirmation(Map<String, Ring> rings) {
        rings.forEach((id, ring) -> {
            var stats = ring.stats();
            sources.add(new Watched(id, ring.reader("swap", Profile.EVERY, Start.NOW), stats.lastCommitNs(),
                    stats.epoch()));
        });
    }

    /**
     * Waits for the first item of each source.
     *
     * @param fault says why a source cannot come, or null as long as it may
     * @return the gaps
     * @throws IllegalStateException when a source did not come back; the message says which
     */
    List<Gap> await(Function<String, String> fault) {
        long deadline = System.nanoTime() + PATIENCE_NS;
        var gaps = new ArrayList<Gap>();
        for (var source : sources) {
            gaps.add(first(source, deadline, fault));
        }
        return gaps;
    }

    private static Gap first(Watched source, long deadline, Function<String, String> fault) {
        while (System.nanoTime() < deadline) {
            var lease = source.reader().next();
            if (lease != null) {
                var gap = new Gap(source.id(), lease.descriptor().hostTimeNs() - source.lastNs(), source.epoch(),
                        lease.descriptor().epoch());
                lease.close();
                return gap;
            }
            var why = fault.apply(source.id());
            if (why != null) {
                throw new IllegalStateException("source " + source.id() + " did not come back: " + why);
            }
            source.reader().await(LOOK_NS);
        }
        throw new IllegalStateException("source " + source.id() + " gave no item within 10 s");
    }

    @Override
    public void close() {
        sources.forEach(source -> source.reader().close());
    }
}
