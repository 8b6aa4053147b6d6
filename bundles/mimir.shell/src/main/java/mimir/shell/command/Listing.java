// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows as an aligned table or as values for JSON, from one list of columns. Immutable. */
public final class Listing<T> {
    private final List<Column<T>> columns;

    @SafeVarargs
    public Listing(Column<T>... columns) {
        this(List.of(columns));
    }

    Listing(List<Column<T>> columns) {
        this.columns = List.copyOf(columns);
    }

    /** One line of headers, one line a row; numbers stand right. */
    public String table(List<T> rows) {
        var shown = columns.stream().filter(column -> column.header() != null).toList();
        var lines = new ArrayList<List<String>>();
        lines.add(shown.stream().map(Column::header).toList());
        rows.forEach(row -> lines.add(shown.stream().map(column -> column.text(row)).toList()));
        var text = new StringBuilder();
        for (var line : lines) {
            var one = new StringBuilder();
            for (int at = 0; at < shown.size(); at++) {
                one.append(at == 0 ? "" : "  ");
                one.append(pad(line.get(at), width(lines, at), isNumber(shown.get(at), rows)));
            }
            text.append(one.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static int width(List<List<String>> lines, int column) {
        return lines.stream().mapToInt(line -> line.get(column).length()).max().orElse(0);
    }

    private static <T> boolean isNumber(Column<T> column, List<T> rows) {
        return rows.stream().map(column.value()).anyMatch(Number.class::isInstance);
    }

    private static String pad(String text, int width, boolean right) {
        var room = " ".repeat(width - text.length());
        return right ? room + text : text + room;
    }

    /** For programs: all columns by their names. */
    public List<Map<String, Object>> values(List<T> rows) {
        return rows.stream().map(this::values).toList();
    }

    Map<String, Object> values(T row) {
        var values = new LinkedHashMap<String, Object>();
        columns.forEach(column -> values.put(column.name(), column.value().apply(row)));
        return values;
    }
}
