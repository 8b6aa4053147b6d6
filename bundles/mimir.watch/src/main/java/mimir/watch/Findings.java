// SPDX-License-Identifier: Apache-2.0
package mimir.watch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import mimir.ring.Profile;
import mimir.ring.ReaderStats;
import mimir.ring.RingStats;

/** What is wrong with a run, one sentence each. Immutable. */
final class Findings {
    private Findings() {
    }

    static List<String> of(Collection<RingStats> rings) {
        var findings = new ArrayList<String>();
        for (var ring : rings) {
            for (var reader : ring.readers()) {
                var who = "reader " + reader.name() + " of " + ring.identity();
                say(findings, reader.torn(), who + " was overtaken in mid-read, torn items");
                say(findings, reader.checksumErrors(), who + " found wrong checksums");
                if (reader.profile() == Profile.EVERY) {
                    say(findings, reader.overtaken() - reader.torn(), who + " was too slow, lost items");
                }
                if (!reader.conserved()) {
                    findings.add(who + " broke conservation: " + arithmetic(reader));
                }
            }
        }
        return List.copyOf(findings);
    }

    private static void say(List<String> findings, long items, String what) {
        if (items > 0) {
            findings.add(what + ": " + items);
        }
    }

    private static String arithmetic(ReaderStats reader) {
        return reader.published() + " published, " + reader.delivered() + " delivered, " + reader.overtaken()
                + " overtaken, " + reader.skipped() + " skipped, " + reader.pending() + " pending";
    }
}
