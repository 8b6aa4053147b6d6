// SPDX-License-Identifier: Apache-2.0
package mimir.watch;

import java.util.LinkedHashMap;
import java.util.Map;
import mimir.api.sync.TruthReport;
import mimir.api.time.ClockMap;

/**
 * The part of the report that tells of clocks. Immutable.
 *
 * @param maps those that there are, by source
 * @param truths how far they are from the truth, by source
 */
record ClocksJson(Map<String, ClockMap> maps, Map<String, TruthReport> truths) {
    /** Without a map canonical time is host time as it is: no offset, no drift, and nobody knows how uncertain. */
    Map<String, Object> of(KnownSource source) {
        var map = maps.get(source.id());
        var truth = truths.get(source.id());
        var clock = new LinkedHashMap<String, Object>();
        double nominalNs = source.deviceTickNs();
        clock.put("offsetNs",
                map == null ? 0L : map.canonicalReferenceNs() - Math.round(map.deviceReference() * nominalNs));
        clock.put("driftPpb", map == null ? 0.0 : ReportJson.round((map.nsPerTick() / nominalNs - 1) * 1e9, 1));
        clock.put("uncertaintyNs", map == null ? null : map.uncertaintyNs());
        clock.put("truthErrorNs", truth == null ? null : truth.errorNs());
        clock.put("epoch", map == null ? null : map.epoch());
        clock.put("segment", map == null ? null : map.segment());
        clock.put("model", map == null ? null : map.modelId());
        clock.put("truth", truth == null ? null : truth(truth));
        return clock;
    }

    private static Map<String, Object> truth(TruthReport report) {
        var truth = new LinkedHashMap<String, Object>();
        truth.put("delayNs", report.delayNs());
        truth.put("samples", report.samples());
        truth.put("insideShare", ReportJson.round(report.insideShare(), 4));
        truth.put("errorP95Ns", report.errorP95Ns());
        truth.put("statedP50Ns", report.statedP50Ns());
        truth.put("alarm", report.alarm());
        return truth;
    }
}
