// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import mimir.api.sync.RecordedClock;

/** Clocks of a recording for people and for programs: a row for each stretch in which a clock ran. Immutable. */
final class RecordedClockTable {
    /**
     * A stretch, or a stream without any.
     *
     * @param piece null when its clock was never measured
     */
    private record Row(RecordedClock clock, RecordedClock.Piece piece) {
        /** Null where nothing was measured: JSON has no NaN. */
        private Double number(ToDoubleFunction<RecordedClock.Piece> what) {
            double number = piece == null ? Double.NaN : what.applyAsDouble(piece);
            return Double.isNaN(number) ? null : number;
        }
    }

    private static final Listing<Row> ROWS = new Listing<>(
            Column.of("STREAM", "stream", row -> row.clock().stream()),
            Column.of("NAME", "name", row -> row.clock().name()),
            Column.of("TYPE", "type", row -> row.clock().type()),
            Column.of("SAMPLES", "samples", row -> row.clock().samples()),
            number("FROM s", "fromS", RecordedClock.Piece::fromS, 1, "%.3f"),
            number("UNTIL s", "untilS", RecordedClock.Piece::untilS, 1, "%.3f"),
            number("MEASURED", "measurements", RecordedClock.Piece::measurements, 1, "%.0f"),
            number("OFFSET s", "offsetS", RecordedClock.Piece::offsetS, 1, "%.6f"),
            number("DRIFT ppm", "driftPpm", RecordedClock.Piece::driftPpm, 1, "%.3f"),
            number("STATED us", "uncertaintyS", RecordedClock.Piece::uncertaintyS, 1e6, "%.1f"),
            number("FILE SAYS s", "measuredS", RecordedClock.Piece::measuredS, 1, "%.6f"),
            number("RESIDUAL us", "residualS", RecordedClock.Piece::residualS, 1e6, "%.1f"));

    private static final Listing<RecordedClock> STREAMS = new Listing<>(
            Column.hidden("stream", RecordedClock::stream),
            Column.hidden("name", RecordedClock::name),
            Column.hidden("type", RecordedClock::type),
            Column.hidden("channels", RecordedClock::channels),
            Column.hidden("nominalHz", RecordedClock::nominalHz),
            Column.hidden("samples", RecordedClock::samples),
            Column.hidden("outliers", RecordedClock::outliers));

    private static final Listing<RecordedClock.Reset> RESETS = new Listing<>(
            Column.hidden("afterS", RecordedClock.Reset::afterS),
            Column.hidden("beforeS", RecordedClock.Reset::beforeS),
            Column.hidden("jumpS", RecordedClock.Reset::jumpS));

    private RecordedClockTable() {
    }

    private static Column<Row> number(String header, String name, ToDoubleFunction<RecordedClock.Piece> what,
            double unit, String format) {
        return new Column<>(header, name, row -> row.number(what), value ->
                String.format(Locale.ROOT, format, (Double) value * unit));
    }

    static String text(List<RecordedClock> clocks) {
        if (clocks.isEmpty()) {
            return "There is no stream in it.";
        }
        var text = new StringBuilder(ROWS.table(clocks.stream().flatMap(clock -> rows(clock).stream()).toList()));
        for (var clock : clocks) {
            for (var reset : clock.resets()) {
                text.append(String.format(Locale.ROOT, "%s was reset between %.3f and %.3f s of the recorder's clock:"
                        + " it jumped by %.6f s%n", clock.name(), reset.afterS(), reset.beforeS(), reset.jumpS()));
            }
            if (clock.outliers() > 0) {
                text.append(String.format(Locale.ROOT, "%s: %d measurements that those before and after contradict were"
                        + " left out%n", clock.name(), clock.outliers()));
            }
        }
        return text.toString();
    }

    private static List<Row> rows(RecordedClock clock) {
        return clock.pieces().isEmpty() ? List.of(new Row(clock, null))
                : clock.pieces().stream().map(piece -> new Row(clock, piece)).toList();
    }

    static List<Map<String, Object>> values(List<RecordedClock> clocks) {
        var all = new ArrayList<Map<String, Object>>();
        for (var clock : clocks) {
            var values = STREAMS.values(clock);
            values.put("pieces", clock.pieces().stream().map(piece -> {
                var row = ROWS.values(new Row(clock, piece));
                STREAMS.values(clock).keySet().forEach(row::remove);
                return row;
            }).toList());
            values.put("resets", RESETS.values(clock.resets()));
            all.add(values);
        }
        return all;
    }
}
