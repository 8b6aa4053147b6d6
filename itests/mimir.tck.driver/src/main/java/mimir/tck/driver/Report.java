// SPDX-License-Identifier: Apache-2.0
package mimir.tck.driver;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import mimir.tck.driver.Finding.Outcome;

/** What a run of the kit came to, for programs and for people. Immutable. */
record Report(Candidate candidate, Effort effort, List<Finding> findings) {

    /** The list is copied. */
    Report {
        findings = List.copyOf(findings);
    }

    /** Names of the checks that did not pass. */
    List<String> faults() {
        return findings.stream().filter(finding -> !finding.outcome().conforms()).map(finding ->
                finding.check().name()).toList();
    }

    /** What it came to, for people. */
    String sum() {
        var aside = findings.stream().filter(finding -> finding.outcome() == Outcome.INAPPLICABLE)
                .map(finding -> finding.check().name()).toList();
        return findings.size() - aside.size() + " of " + findings.size() + " checks passed"
                + (aside.isEmpty() ? "" : ", and " + String.join(", ", aside) + " does not apply");
    }

    /** Schema mimir.tck-report 1.1, docs/write-a-driver.md. */
    String json() throws IOException {
        var report = new LinkedHashMap<String, Object>();
        report.put("schema", "mimir.tck-report");
        report.put("version", "1.1");
        report.put("driver", candidate.name());
        report.put("driverVersion", candidate.version());
        report.put("files", candidate.files());
        report.put("machine", machine());
        report.put("count", effort.count());
        report.put("passed", faults().isEmpty());
        var checks = new ArrayList<Map<String, Object>>();
        for (var finding : findings) {
            var check = new LinkedHashMap<String, Object>();
            check.put("name", finding.check().name());
            check.put("property", finding.check().property());
            check.put("outcome", finding.outcome().label());
            check.put("found", finding.sentence());
            check.put("seconds", Math.round(finding.seconds() * 1000) / 1000.0);
            check.put("limitSeconds", finding.check().limit(effort).toSeconds());
            checks.add(check);
        }
        report.put("checks", checks);
        return JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(report) + "\n";
    }

    private static String machine() {
        return System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                + System.getProperty("os.arch") + ", " + Runtime.getRuntime().availableProcessors()
                + " processors, Java " + Runtime.version();
    }

    /** As a page in Markdown. */
    String page() {
        var page = new StringBuilder();
        page.append("# ").append(candidate.name()).append(' ').append(candidate.version()).append(": ")
                .append(faults().isEmpty() ? "conforms" : "does not conform").append("\n\n");
        page.append(machine()).append(". Starts, stops and swaps: ").append(effort.count()).append(" each.\n\n");
        if (!candidate.files().isEmpty()) {
            page.append("| file | SHA-256 |\n|---|---|\n");
            candidate.files().forEach((file, hash) ->
                    page.append("| ").append(file).append(" | `").append(hash).append("` |\n"));
            page.append('\n');
        }
        page.append("| check | property | outcome | found | s |\n|---|---|---|---|---|\n");
        for (var finding : findings) {
            page.append(String.format(Locale.ROOT, "| %s | %s | %s | %s | %.1f |%n", finding.check().name(),
                    finding.check().property(), finding.outcome().label(), finding.sentence().replace("|", "\\|"),
                    finding.seconds()));
        }
        return page.toString();
    }

    /** Whole or not at all. */
    static void write(Path file, String text) {
        try {
            var part = Files.createTempFile(file.getParent(), file.getFileName().toString(), ".part");
            Files.writeString(part, text);
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException refused) {
            throw new IllegalStateException(file + " could not be written (" + refused.getMessage()
                    + "); make room and run the kit again", refused);
        }
    }
}
