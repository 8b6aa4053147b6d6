// SPDX-License-Identifier: Apache-2.0
package mimir.watch;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BiPredicate;
import mimir.ring.Abi;
import mimir.ring.Profile;
import mimir.ring.ReaderStats;
import mimir.ring.RingStats;

/**
 * What was published and not yet read when a report was asked for. A reader of {@link Profile#EVERY} owes what was
 * there then, for a live source never ends; of a source that has ended every reader owes all. Immutable.
 */
final class Backlog {
    private final Map<String, Long> owed = new HashMap<>();
    private final BiPredicate<String, ReaderStats> excused;

    /**
     * What is owed now.
     *
     * @param excused by ring and reader: one that will not read on, and owes nothing
     */
    Backlog(Map<String, RingStats> then, BiPredicate<String, ReaderStats> excused) {
        this.excused = excused;
        then.forEach((id, ring) -> accounts(id, ring).forEach((key, reader) -> owed.put(key, reader.published())));
    }

    /** True when nothing is owed any more; a reader that was closed meanwhile owes nothing. */
    boolean isReadIn(Map<String, RingStats> now) {
        return now.entrySet().stream().allMatch(ring -> isReadIn(ring.getKey(), ring.getValue()));
    }

    private boolean isReadIn(String id, RingStats ring) {
        boolean live = ring.state() == Abi.STATE_LIVE;
        return accounts(id, ring).entrySet().stream().allMatch(account -> {
            var reader = account.getValue();
            if (excused.test(id, reader)) {
                return true;
            }
            long enough = !live ? reader.published()
                    : reader.profile() == Profile.EVERY ? owed.getOrDefault(account.getKey(), 0L) : 0;
            return reader.published() - reader.pending() >= enough;
        });
    }

    /** Readers may share a name; those of one name are told apart by their order, which is that of their opening. */
    private static Map<String, ReaderStats> accounts(String id, RingStats ring) {
        var accounts = new HashMap<String, ReaderStats>();
        for (var reader : ring.readers()) {
            int twin = 0;
            while (accounts.putIfAbsent(id + "/" + reader.name() + "/" + twin, reader) != null) {
                twin++;
            }
        }
        return accounts;
    }
}
