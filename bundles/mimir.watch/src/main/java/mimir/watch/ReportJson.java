// SPDX-License-Identifier: Apache-2.0
package mimir.watch;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import mimir.api.reservoir.ReservoirStats;
import mimir.api.swap.Swapped;
import mimir.api.work.ThreadStats;
import mimir.ring.DropReason;
import mimir.ring.ReaderStats;
import mimir.ring.RingStats;

/**
 * The report, version 1.3, field by field as docs/report.md says. Immutable.
 *
 * @param span what was measured
 * @param sources every source seen
 * @param rings the rings now, by source
 * @param clocks clock maps and truths
 * @param memory what the reservoir holds, null without one
 * @param swaps every swap
 * @param analysis stages and rings of results
 * @param findings what is wrong
 */
record ReportJson(Account.Span span, Collection<KnownSource> sources, Map<String, RingStats> rings,
        ClocksJson clocks, ReservoirStats memory, List<Swapped> swaps, AnalysisJson analysis,
        List<String> findings) {
    private static final double NOTHING_BYTES = 0.5;

    String text() {
        try {
            var json = JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).with(JSON.Feature.WRITE_NULL_PROPERTIES);
            return json.asString(tree()) + "\n";
        } catch (IOException impossibleInMemory) {
            throw new UncheckedIOException(impossibleInMemory);
        }
    }

    private Map<String, Object> tree() {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("schema", "mimir.report");
        tree.put("version", "1.3");
        tree.put("durationS", round(span.durationS(), 3));
        tree.put("warmupS", round(span.warmupS(), 3));
        tree.put("process", process());
        tree.put("sources",
                sources.stream().filter(source -> rings.containsKey(source.id())).map(this::source).toList());
        tree.put("reservoir", memory == null ? null : reservoir());
        tree.put("threads", span.to().threads().stream().map(this::thread).toList());
        tree.put("swaps", swaps.stream().map(ReportJson::swap).toList());
        tree.put("analysers", analysis.stageList());
        tree.put("results", analysis.ringList());
        tree.put("findings", findings);
        return tree;
    }

    private Map<String, Object> process() {
        var process = new LinkedHashMap<String, Object>();
        process.put("cpuPercentOfOneCore", percent(span.to().processorNs() - span.from().processorNs()));
        process.put("rssBytes", span.to().rssBytes());
        process.put("minorFaultsPerS",
                round((span.to().minorFaults() - span.from().minorFaults()) / span.measuredS(), 1));
        process.put("stolenPercentOfOneCore",
                span.to().stolenNs() < 0 ? null : percent(span.to().stolenNs() - span.from().stolenNs()));
        process.put("threads", span.to().threadCount());
        return process;
    }

    private Map<String, Object> reservoir() {
        var reservoir = new LinkedHashMap<String, Object>();
        reservoir.put("budgetBytes", memory.budgetBytes());
        reservoir.put("presentBytes", memory.presentBytes());
        reservoir.put("usedBytes", memory.usedBytes());
        reservoir.put("pinnedBytes", memory.pinnedBytes());
        reservoir.put("depthS", round(memory.depthS(), 3));
        return reservoir;
    }

    private Map<String, Object> source(KnownSource source) {
        var ring = rings.get(source.id());
        var entry = new LinkedHashMap<String, Object>();
        entry.put("id", source.id());
        entry.put("kind", source.kind());
        entry.put("bundle", source.bundle());
        entry.put("device", source.device());
        entry.put("state", ring.stateLabel());
        entry.put("epochs", ring.epoch());
        entry.put("rateAskedHz", round(source.rateAskedHz(), 6));
        entry.put("rateMeasuredHz", rateMeasuredHz(source.id()));
        entry.put("sampleRateHz", source.isAudio() ? source.format().rateHz() : null);
        entry.put("published", ring.published());
        entry.put("gaps", ring.droppedAtSource().values().stream().mapToLong(Long::longValue).sum());
        entry.put("droppedAtSource", byReason(ring.droppedAtSource()));
        entry.put("bytesCopiedPerByteWritten",
                ring.payloadWritten() == 0 ? 0 : round((double) ring.payloadCopied() / ring.payloadWritten(), 6));
        entry.put("readers", ring.readers().stream().map(ReportJson::reader).toList());
        entry.put("clock", clocks.of(source));
        return entry;
    }

    /**
     * Items between two samples over the time between the newest item at each; null when there were none to measure.
     */
    private Double rateMeasuredHz(String id) {
        var from = span.from().rings().get(id);
        var to = span.to().rings().get(id);
        if (from == null || to == null || from.published() == 0 || to.lastCommitNs() <= from.lastCommitNs()) {
            return null;
        }
        return round((to.published() - from.published()) * 1e9 / (to.lastCommitNs() - from.lastCommitNs()), 4);
    }

    static Map<String, Object> reader(ReaderStats reader) {
        var entry = new LinkedHashMap<String, Object>();
        entry.put("name", reader.name());
        entry.put("profile", reader.profile().name());
        entry.put("published", reader.published());
        entry.put("delivered", reader.delivered());
        var dropped = new LinkedHashMap<String, Long>();
        dropped.put(DropReason.OVERTAKEN.label(), reader.overtaken());
        dropped.put(DropReason.SKIPPED.label(), reader.skipped());
        entry.put("dropped", dropped);
        entry.put("pending", reader.pending());
        entry.put("mostPending", reader.mostPending());
        entry.put("torn", reader.torn());
        entry.put("checksumErrors", reader.checksumErrors());
        entry.put("bytesCopiedPerByteDelivered", round(reader.copiedPerDelivered(), 6));
        return entry;
    }

    private Map<String, Object> thread(ThreadStats thread) {
        var before = span.from().of(thread);
        long items = thread.items() - before.map(ThreadStats::items).orElse(0L);
        long allocated = thread.allocatedBytes() - before.map(ThreadStats::allocatedBytes).orElse(0L);
        var entry = new LinkedHashMap<String, Object>();
        entry.put("name", thread.name());
        entry.put("class", thread.workClass().name());
        entry.put("media", thread.media());
        entry.put("native", thread.nativeThread());
        entry.put("policyAsked", thread.policyAsked());
        entry.put("policyGranted", thread.policyGranted());
        entry.put("cpuPercent", percent(thread.cpuNs() - before.map(ThreadStats::cpuNs).orElse(0L)));
        entry.put("items", items);
        entry.put("allocatedBytesPerItem", thread.media() ? perItem(allocated, items) : null);
        entry.put("minorFaults", thread.minorFaults() - before.map(ThreadStats::minorFaults).orElse(0L));
        return entry;
    }

    static double perItem(long bytes, long items) {
        double each = (double) bytes / Math.max(1, items);
        return each <= NOTHING_BYTES ? 0 : round(each, 2);
    }

    private static Map<String, Object> swap(Swapped swap) {
        var entry = new LinkedHashMap<String, Object>();
        entry.put("bundle", swap.bundle());
        entry.put("outcome", swap.outcome().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        entry.put("gapNs", swap.gapNs() < 0 ? null : swap.gapNs());
        entry.put("reason", swap.reason());
        return entry;
    }

    private static Map<String, Long> byReason(Map<DropReason, Long> drops) {
        var byReason = new LinkedHashMap<String, Long>();
        for (var reason : DropReason.values()) {
            if (drops.containsKey(reason)) {
                byReason.put(reason.label(), drops.get(reason));
            }
        }
        return byReason;
    }

    private double percent(long processorNs) {
        return round(processorNs / (span.measuredS() * 1e9) * 100, 2);
    }

    static double round(double value, int digits) {
        double scale = Math.pow(10, digits);
        return Math.round(value * scale) / scale;
    }
}
