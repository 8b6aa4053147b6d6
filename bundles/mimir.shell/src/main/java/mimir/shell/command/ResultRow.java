// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentLayout;
import mimir.api.analysis.AttachmentReader;

/**
 * A copy of one result. Immutable.
 *
 * @param readAtNs host time of the copy, ns
 * @param values of the fields, in order: Numbers, or lists of them
 */
record ResultRow(int epoch, long sequence, long hostTimeNs, long completedNs, long firstSample, int sampleFrames,
        long tailBytes, long readAtNs, List<Object> values) {

    /** Copies the result in hand; null when it was overwritten meanwhile. */
    static ResultRow of(AttachmentReader<Attachment> reader, AttachmentLayout layout, long nowNs) {
        var result = reader.get();
        if (result == null) {
            return null;
        }
        var values = layout.fields().stream().map(field ->
                FieldValues.of(field, result.memory(), result.offset())).toList();
        var row = new ResultRow(reader.epoch(), reader.sequence(), reader.hostTimeNs(), reader.completedNs(),
                reader.firstSample(), reader.sampleFrames(), result.tailBytes(), nowNs, values);
        return reader.intact() ? row : null;
    }

    long ageNs() {
        return readAtNs - hostTimeNs;
    }

    private static String ms(Object ns) {
        return Column.plain((Long) ns / 1e6);
    }

    /** One column for each field, its unit in the header. */
    static Listing<ResultRow> listing(AttachmentLayout layout, boolean audio) {
        var columns = new ArrayList<Column<ResultRow>>();
        columns.add(Column.of("SEQUENCE", "sequence", ResultRow::sequence));
        columns.add(Column.of("EPOCH", "epoch", ResultRow::epoch));
        columns.add(new Column<>("AGE ms", "ageNs", ResultRow::ageNs, ResultRow::ms));
        columns.add(new Column<>("READY AFTER ms", "readyAfterNs", row -> row.completedNs() - row.hostTimeNs(),
                ResultRow::ms));
        if (audio) {
            columns.add(Column.of("FIRST SAMPLE", "firstSample", ResultRow::firstSample));
            columns.add(Column.of("SAMPLES", "sampleFrames", ResultRow::sampleFrames));
        }
        for (int at = 0; at < layout.fields().size(); at++) {
            int index = at;
            var field = layout.fields().get(at);
            columns.add(new Column<>(header(field), field.name(), row -> row.values().get(index), FieldValues::text));
        }
        return new Listing<>(columns);
    }

    private static String header(AttachmentLayout.Field field) {
        return field.unit().equals("1") ? field.name() : field.name() + " " + field.unit();
    }

    /** One line for people who watch. */
    String line(AttachmentLayout layout) {
        var fields = new ArrayList<String>();
        for (int at = 0; at < values.size(); at++) {
            var field = layout.fields().get(at);
            fields.add(field.name() + " " + FieldValues.text(values.get(at))
                    + (field.unit().equals("1") ? "" : " " + field.unit()));
        }
        return layout.id() + " " + sequence + ": " + fields.stream().collect(Collectors.joining(", "));
    }

    /** For programs. */
    Map<String, Object> json(AttachmentLayout layout) {
        var json = new LinkedHashMap<String, Object>();
        json.put("sequence", sequence);
        json.put("epoch", epoch);
        json.put("hostTimeNs", hostTimeNs);
        json.put("completedNs", completedNs);
        json.put("ageNs", ageNs());
        json.put("firstSample", firstSample);
        json.put("sampleFrames", sampleFrames);
        json.put("tailBytes", tailBytes);
        var fields = new LinkedHashMap<String, Object>();
        for (int at = 0; at < values.size(); at++) {
            fields.put(layout.fields().get(at).name(), values.get(at));
        }
        json.put("fields", fields);
        return json;
    }
}
