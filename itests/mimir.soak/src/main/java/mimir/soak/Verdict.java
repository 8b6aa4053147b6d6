// SPDX-License-Identifier: Apache-2.0
package mimir.soak;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What is told at the end of a proof. Immutable.
 *
 * @param findings as they are then
 */
record Verdict(Findings findings) {
    private static final JSON TEXT = JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT)
            .with(JSON.Feature.WRITE_NULL_PROPERTIES);

    /** The goals that were missed, in one line; empty when all were met. */
    String missed() {
        return findings.rows().stream().filter(row -> !row.met()).map(Row::name).collect(Collectors.joining("; "));
    }

    /** For people. */
    String text() {
        var text = new StringBuilder(table(findings.rows())).append('\n');
        findings.figures().forEach((name, value) -> text.append(name).append(": ").append(Row.number(value))
                .append('\n'));
        return text.toString().stripTrailing();
    }

    private static String table(List<Row> rows) {
        int width = rows.stream().mapToInt(row -> row.name().length()).max().orElse(0);
        var line = "%-" + width + "s  %10s  %10s %-3s %s";
        return String.format(line, "GOAL", "OURS", "GOAL", "", "").stripTrailing() + '\n'
                + rows.stream().map(row -> String.format(Locale.ROOT, line, row.name(), Row.number(row.ours()),
                (row.most() ? "≤ " : "≥ ") + Row.number(row.goal()), row.unit(), row.met() ? "met" : "MISSED") + '\n')
                .collect(Collectors.joining());
    }

    /** For programs; whole, or not at all. */
    void write(Path file) {
        var all = new LinkedHashMap<String, Object>();
        all.put("schema", "mimir.soak");
        all.put("version", "1.0");
        all.put("proof", findings.proof());
        all.put("rows", findings.rows().stream().map(Row::values).toList());
        all.put("figures", findings.figures());
        all.putAll(findings.details());
        var part = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.writeString(part, TEXT.asString(all) + "\n");
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException refused) {
            throw new IllegalStateException(file + " cannot be written (" + refused.getMessage()
                    + "): make room or give another --json", refused);
        }
    }
}
