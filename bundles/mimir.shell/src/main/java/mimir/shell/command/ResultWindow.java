// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import mimir.api.analysis.AttachmentLayout;
import mimir.api.analysis.Attachments;
import mimir.ring.HostClock;

/**
 * The newest results of one type of one source. Immutable.
 *
 * @param lastNs how far back was looked, ns; 0 for as far as there is memory
 * @param rows the oldest first
 */
record ResultWindow(String source, AttachmentLayout layout, long lastNs, List<ResultRow> rows) {

    /** Reads up to what is there now; more may come meanwhile. */
    static ResultWindow read(Attachments attachments, String source, AttachmentLayout layout, long lastNs, int limit) {
        long nowNs = HostClock.nowNs();
        var rows = new ArrayDeque<ResultRow>();
        try (var reader = attachments.reader(source, layout)) {
            reader.seek(lastNs == 0 ? 0 : nowNs - lastNs);
            while (reader.next()) {
                var row = ResultRow.of(reader, layout, nowNs);
                if (row != null && row.completedNs() > nowNs) {
                    break;
                }
                if (row != null) {
                    rows.addLast(row);
                }
                if (rows.size() > limit) {
                    rows.removeFirst();
                }
            }
        }
        return new ResultWindow(source, layout, lastNs, List.copyOf(rows));
    }

    String text() {
        var title = layout.id() + " of " + source;
        if (rows.isEmpty()) {
            return title + (lastNs == 0 ? ": no result yet.\n"
                    : String.format(Locale.ROOT, ": no result in the last %.1f s.%n", lastNs / 1e9));
        }
        boolean audio = rows.stream().anyMatch(row -> row.sampleFrames() > 0);
        return title + "\n" + ResultRow.listing(layout, audio).table(rows);
    }

    Map<String, Object> json() {
        var json = head(source, layout);
        json.put("results", rows.stream().map(row -> row.json(layout)).toList());
        return json;
    }

    static Map<String, Object> head(String source, AttachmentLayout layout) {
        var units = new LinkedHashMap<String, String>();
        layout.fields().forEach(field -> units.put(field.name(), field.unit()));
        var json = new LinkedHashMap<String, Object>();
        json.put("source", source);
        json.put("type", layout.id());
        json.put("units", units);
        return json;
    }
}
