// SPDX-License-Identifier: Apache-2.0
package mimir.tck.driver;

import java.time.Duration;

/** Incarnations of a source are epochs, one after another. Immutable. */
final class EpochCheck implements Check {
    private static final int INCARNATIONS = 3;
    private static final int FEW = 5;

    @Override
    public String name() {
        return "epochs";
    }

    @Override
    public String property() {
        return "The first epoch of a source is 1, each incarnation is the next one, and none goes back.";
    }

    @Override
    public Duration limit(Effort effort) {
        return effort.waits(3 * INCARNATIONS);
    }

    @Override
    public String look(Stand stand) {
        var entry = stand.plan().modes().getFirst().device();
        var id = stand.identities(entry).getFirst();
        int first = 1 + stand.platform().rings().find(id).map(ring -> ring.stats().epoch()).orElse(0);
        for (int i = 0; i < INCARNATIONS; i++) {
            try (var opened = stand.open(entry)) {
                for (var note : opened.follower().take(FEW, stand.effort().patience())) {
                    if (note.epoch() != first + i) {
                        throw new Shortfall(id + ": " + note.place() + " is of incarnation " + (i + 1)
                                + ", which is epoch " + (first + i) + "; take the epoch from RingOwner and open none "
                                + "but for a break");
                    }
                }
                opened.unload();
                opened.follower().drain();
            }
        }
        return INCARNATIONS + " incarnations were epochs " + first + " to " + (first + INCARNATIONS - 1);
    }
}
