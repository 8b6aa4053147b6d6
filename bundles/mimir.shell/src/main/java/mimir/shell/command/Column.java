// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.Locale;
import java.util.function.Function;

/**
 * One column of a listing, for people and for programs. Immutable.
 *
 * @param header for people, with the unit; null keeps the column out of tables
 * @param name for programs, with the unit
 * @param value a String, Boolean, Number or null
 * @param shown how the value is shown to people
 */
public record Column<T>(String header, String name, Function<T, Object> value, Function<Object, String> shown) {
    private static final double MIB = 1 << 20;

    public static <T> Column<T> of(String header, String name, Function<T, Object> value) {
        return new Column<>(header, name, value, Column::plain);
    }

    /** Bytes for programs, MiB for people. */
    public static <T> Column<T> bytes(String header, String name, Function<T, Object> value) {
        return new Column<>(header, name, value, bytes -> mib(((Number) bytes).longValue()));
    }

    /** For programs only. */
    public static <T> Column<T> hidden(String name, Function<T, Object> value) {
        return new Column<>(null, name, value, Column::plain);
    }

    public static String mib(long bytes) {
        return String.format(Locale.ROOT, "%.1f", bytes / MIB);
    }

    static String plain(Object value) {
        return switch (value) {
            case null -> "-";
            case Double number -> String.format(Locale.ROOT, "%.2f", number);
            default -> value.toString();
        };
    }

    String text(T row) {
        var cell = value.apply(row);
        return cell == null ? "-" : shown.apply(cell);
    }
}
