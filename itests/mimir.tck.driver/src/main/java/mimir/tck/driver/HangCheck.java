// SPDX-License-Identifier: Apache-2.0
package mimir.tck.driver;

import java.time.Duration;
import java.util.Locale;
import mimir.api.source.Source;
import mimir.api.source.SourceProperties;
import mimir.ring.Abi;

/** A native thread that does not stop costs its memory and nothing else. Immutable. */
final class HangCheck implements Check {
    private static final int FEW = 3;

    @Override
    public String name() {
        return "hang";
    }

    @Override
    public String property() {
        return "A device that does not stop ends parked or within the deadline, and a swap brings the driver back.";
    }

    @Override
    public Duration limit(Effort effort) {
        return effort.waits(12);
    }

    @Override
    public String look(Stand stand) {
        try (var opened = stand.open(stand.plan().hanging())) {
            opened.follower().take(FEW, stand.effort().patience());
            long begin = System.nanoTime();
            opened.unload();
            double tookS = (System.nanoTime() - begin) / 1e9;
            var state = gone(stand, opened);
            stand.swap();
            try (var healthy = stand.openSteady()) {
                healthy.followers().forEach(follower -> follower.take(FEW, stand.effort().patience()));
            }
            return String.format(Locale.ROOT, "the device was %s after %.2f s, and the driver runs again after a swap",
                    state, tookS);
        }
    }

    private static String gone(Stand stand, Opened opened) {
        var stats = opened.stats();
        var filter = "(" + SourceProperties.ID + "=" + opened.id() + ")";
        if (stats.state() == Abi.STATE_LIVE) {
            throw new Shortfall(opened.id() + " is neither ended nor parked " + stand.effort().stop().toMillis()
                    + " ms after it was told to stop; join with a deadline, then call RingOwner.park and leave the "
                    + "library mapped");
        }
        if (stand.platform().reference(Source.class, filter).isPresent()) {
            throw new Shortfall(opened.id() + " is still published after its device was taken away; unregister the "
                    + "source before the device is stopped");
        }
        return stats.stateLabel();
    }
}
