// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mimir.api.analysis.AttachmentLayout;
import mimir.api.analysis.Attachments;
import mimir.ring.HostClock;

/**
 * Results of one type of one source, the newest of a stretch. Immutable.
 *
 * @param rows the oldest first
 */
record ResultWindow(String source, AttachmentLayout layout, Stretch stretch, List<ResultRow> rows) {

    /** Reads up to what is there now; more may come meanwhile. */
    static ResultWindow read(Attachments attachments, String source, AttachmentLayout layout, Stretch stretch,
            int limit) {
        long nowNs = HostClock.nowNs();
        var rows = new ArrayDeque<ResultRow>();
        try (var reader = attachments.reader(source, layout)) {
            if (stretch.isGiven()) { // else the newest, which their ring holds
                reader.seek(stretch.fromNs() == 0 ? 0 : nowNs - stretch.fromNs());
            }
            long endNs = nowNs - stretch.toNs();
            while (reader.next() && (stretch.toNs() == 0 || reader.hostTimeNs() < endNs)) {
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
        return new ResultWindow(source, layout, stretch, List.copyOf(rows));
    }

    String text() {
        var title = layout.id() + " of " + source;
        if (rows.isEmpty()) {
            return title + ": " + stretch.nothing() + ".\n";
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
