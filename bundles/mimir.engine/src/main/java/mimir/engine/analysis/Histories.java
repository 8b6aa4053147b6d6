// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import java.util.List;
import java.util.Locale;
import mimir.api.BadInputException;
import mimir.api.reservoir.Reservoir;
import mimir.api.reservoir.ReservoirCursor;
import mimir.ring.HostClock;

/** Where stages that begin in the past have it from. Thread-safe. */
public final class Histories {
    /** No past: a stage begins now. */
    static final long NOW = Long.MAX_VALUE;

    private volatile Reservoir reservoir;

    /** Who keeps the past from now on; null for nobody. */
    public void reservoir(Reservoir now) {
        reservoir = now;
    }

    Reservoir reservoir() {
        return reservoir;
    }

    /**
     * The instant so long ago, canonical time.
     *
     * @param backNs 0 for {@link #NOW}
     * @throws BadInputException when the past does not reach back so far, for one of the sources
     */
    long from(List<String> sources, long backNs) {
        if (backNs == 0) {
            return NOW;
        }
        var kept = reservoir;
        if (kept == null) {
            throw new BadInputException("nobody keeps the past: this rig has no reservoir; attach without --from");
        }
        for (var source : sources) {
            if (!kept.sources().contains(source)) {
                throw new BadInputException("the reservoir has no past of " + source + "; attach without --from");
            }
        }
        long now = HostClock.nowNs();
        var stats = kept.stats();
        if (stats.evicted() > 0 && stats.edgeNs() > now - backNs) {
            long whole = (now - stats.edgeNs()) / 1_000_000_000 - 1;
            throw new BadInputException(String.format(Locale.ROOT, "the reservoir reaches back %.1f s and not %.1f; %s",
                    (now - stats.edgeNs()) / 1e9, backNs / 1e9, whole > 0 ? "attach with --from -" + whole + "s"
                    : "attach without --from, or give the reservoir more: reservoir.bytes of the rig"));
        }
        return now - backNs;
    }

    /** The items of a source since an instant, or null when nobody has them now, or none are wanted. */
    ReservoirCursor open(String source, long fromNs) {
        var kept = reservoir;
        return fromNs == NOW || kept == null || !kept.sources().contains(source) ? null
                : kept.open(source, fromNs, Long.MAX_VALUE);
    }
}
