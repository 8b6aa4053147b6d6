// SPDX-License-Identifier: Apache-2.0
package mimir.watch;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import mimir.api.analysis.Analyzers.StageStats;
import mimir.ring.ReaderStats;

/**
 * Every stage as it was last seen; one that was detached stays known, because the report is made when all is over.
 * Thread-safe.
 */
final class Stages {
    static final String DETACHED = "detached";

    private final Map<String, StageStats> known = new ConcurrentHashMap<>();

    /** What there is now. */
    void seen(List<StageStats> now) {
        var keys = now.stream().map(Stages::key).toList();
        known.replaceAll((key, stage) -> keys.contains(key) ? stage : detached(stage));
        now.stream().sorted(Comparator.comparing(StageStats::users)) // behind one that did not end, its successor
                .forEach(stage -> known.put(key(stage), stage));
    }

    /** In order of source and name. */
    List<StageStats> all() {
        return known.entrySet().stream().sorted(Map.Entry.comparingByKey()).map(Map.Entry::getValue).toList();
    }

    static String key(StageStats stage) {
        return String.join(" ", stage.sources()) + " " + stage.name() + " " + stage.parameters();
    }

    private static StageStats detached(StageStats stage) {
        return new StageStats(stage.name(), stage.sources(), stage.parameters(), stage.workClass(), DETACHED, "", 0,
                stage.items(), stage.results(), stage.late(), stage.absent(), stage.overtaken(), stage.failures(),
                stage.misses(), stage.cpuNs(), stage.busyNs(), stage.longestNs(), stage.allocatedBytes(), stage.warm(),
                stage.trial());
    }

    /**
     * True for the reader of a stage: what it does not get is the analyser's own loss and stands in its account. A
     * stage reads under its analyser's name.
     */
    static boolean isReader(Collection<StageStats> stages, String ring, ReaderStats reader) {
        return stages.stream().anyMatch(stage -> stage.name().equals(reader.name()) && stage.sources().contains(ring));
    }
}
