// SPDX-License-Identifier: Apache-2.0
package mimir.watch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mimir.api.analysis.Analyzers.StageStats;
import mimir.ring.RingStats;

/**
 * The part of the report that tells of analysis, field by field as docs/report.md says. Immutable.
 *
 * @param span what was measured
 * @param stages every stage seen
 * @param rings rings of results now
 */
record AnalysisJson(Account.Span span, List<StageStats> stages, List<RingStats> rings) {

    List<Map<String, Object>> stageList() {
        return stages.stream().map(this::stage).toList();
    }

    private Map<String, Object> stage(StageStats stage) {
        var entry = new LinkedHashMap<String, Object>();
        entry.put("name", stage.name());
        entry.put("sources", stage.sources());
        entry.put("parameters", stage.parameters());
        entry.put("class", stage.workClass().name());
        var atEnd = stage.state().equals("waiting") ? span.to().of(stage).orElse(stage) : stage; // devices are gone now
        entry.put("state", atEnd.state());
        entry.put("cause", atEnd.cause().isEmpty() ? null : atEnd.cause());
        entry.put("users", stage.users());
        entry.put("items", stage.items());
        entry.put("results", stage.results());
        entry.put("late", stage.late());
        entry.put("absent", stage.absent());
        entry.put("overtaken", stage.overtaken());
        entry.put("failures", stage.failures());
        entry.put("misses", stage.misses());
        entry.put("trialItems", stage.trial().items());
        entry.put("trialMisses", stage.trial().misses());
        entry.put("timePerItemNs", timePerItem(stage));
        entry.put("longestNs", stage.longestNs());
        measured(stage, entry);
        return entry;
    }

    private static Long timePerItem(StageStats stage) {
        return stage.items() == 0 ? null : stage.busyNs() / stage.items();
    }

    /** From the end of the warm-up; a stage that was attached later has nothing before that. */
    private void measured(StageStats stage, Map<String, Object> entry) {
        var to = span.to().of(stage).orElse(stage);
        var from = span.from().of(stage).filter(before -> before.items() <= to.items());
        long items = to.items() - from.map(StageStats::items).orElse(0L);
        long cpu = to.cpuNs() - from.map(StageStats::cpuNs).orElse(0L);
        long bytes = to.allocatedBytes() - from.map(StageStats::allocatedBytes).orElse(0L);
        entry.put("cpuPercent", ReportJson.round(cpu / (span.measuredS() * 1e9) * 100, 2));
        var warm = stage.warm();
        entry.put("allocatedBytesPerItem", warm.items() > 0 ? ReportJson.perItem(warm.allocatedBytes(), warm.items())
                : ReportJson.perItem(bytes, items));
        entry.put("warmItems", warm.items());
        entry.put("warmAbsent", warm.absent());
        entry.put("warmMisses", warm.misses());
    }

    List<Map<String, Object>> ringList() {
        return rings.stream().map(AnalysisJson::ring).toList();
    }

    private static Map<String, Object> ring(RingStats ring) {
        var entry = new LinkedHashMap<String, Object>();
        entry.put("id", ring.identity());
        entry.put("state", ring.stateLabel());
        entry.put("published", ring.published());
        entry.put("readers", ring.readers().stream().map(ReportJson::reader).toList());
        return entry;
    }
}
