// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mimir.api.swap.Plan;
import mimir.api.swap.Swapped;
import org.osgi.service.log.Logger;

/** Keeps what was swapped: for this run in memory, for ever in the journal. Thread-safe. */
final class Ledger {
    private static final int MOST_REMEMBERED = 1000;

    private final Logger log;
    private final Journal journal;
    private final List<Swapped> history = new ArrayList<>(); // guarded by this
    private long count;                                      // guarded by this

    Ledger(Logger log, Journal journal) {
        this.log = log;
        this.journal = journal;
    }

    void swapped(Account account, Swapped swapped, List<Plan.Part> parts, List<String> parked,
            Map<String, Double> stepsMs) {
        log.info("swap {} of this run: {} {}{}", number(swapped), swapped.bundle(), swapped.outcome(),
                swapped.reason() == null ? "" : ": " + swapped.reason());
        journal.add(account.line(swapped, parts, parked, stepsMs));
    }

    private synchronized long number(Swapped swapped) {
        if (history.size() == MOST_REMEMBERED) {
            history.removeFirst();
        }
        history.add(swapped);
        return ++count;
    }

    /** What was given may not come in; nothing was touched. */
    void refused(Account account, String bundle, String reason) {
        journal.add(account.refused(bundle, reason));
    }

    /** One device; no bytes were swapped. */
    void restarted(Account account, Swapped swapped) {
        journal.add(account.line(swapped, List.of(), List.of(), Map.of()));
    }

    synchronized List<Swapped> history() {
        return List.copyOf(history);
    }

    List<String> lines() {
        return journal.lines();
    }
}
