// SPDX-License-Identifier: Apache-2.0
package mimir.watch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import mimir.api.analysis.Analyzers.StageStats;
import mimir.api.report.Alarm;
import mimir.ring.Profile;
import mimir.ring.ReaderStats;
import mimir.ring.RingStats;

/** What is wrong with a run, one sentence each. Immutable. */
final class Findings {
    private Findings() {
    }

    /**
     * Of sources, of results, and of stages.
     *
     * @param results rings of results; those who read them look things up and need not have all
     * @param alarms sources that should deliver and do not
     */
    static List<String> of(Collection<RingStats> rings, Collection<RingStats> results, List<StageStats> stages,
            List<Alarm> alarms) {
        var findings = new ArrayList<String>();
        for (var ring : rings) {
            for (var reader : ring.readers()) {
                boolean ofStage = Stages.isReader(stages, ring.identity(), reader);
                var who = (ofStage ? "analyser " : "reader ") + reader.name() + " of " + ring.identity();
                if (!ofStage) {
                    say(findings, reader.torn(), who + " was overtaken in mid-read, torn items");
                }
                say(findings, reader.checksumErrors(), who + " found wrong checksums");
                if (reader.profile() == Profile.EVERY) {
                    say(findings, reader.overtaken() - (ofStage ? 0 : reader.torn()),
                            who + " was too slow, lost items");
                }
                conservation(findings, who, reader);
            }
        }
        results.forEach(ring -> ring.readers().forEach(reader ->
                conservation(findings, "reader " + reader.name() + " of " + ring.identity(), reader)));
        stages.forEach(stage -> cause(findings, stage));
        alarms.forEach(alarm -> findings.add(alarm.source() + " " + alarm.cause()));
        return List.copyOf(findings);
    }

    private static void conservation(List<String> findings, String who, ReaderStats reader) {
        if (!reader.conserved()) {
            findings.add(who + " broke conservation: " + arithmetic(reader));
        }
    }

    /** A stage that waits for its source or bundle is as it should be. */
    private static void cause(List<String> findings, StageStats stage) {
        if (!stage.cause().isEmpty() && !stage.state().equals("waiting")) {
            findings.add("analyser " + stage.name() + " of " + String.join(" and ", stage.sources())
                    + (stage.state().equals("running") ? ": " : " is " + stage.state() + ": ") + stage.cause());
        }
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
