// SPDX-License-Identifier: Apache-2.0
package mimir.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What people found out about goals that are not met: lines {@code suite: goal = reason}. Immutable. */
final class Notes {
    private final Map<String, String> reasons;

    private Notes(Map<String, String> reasons) {
        this.reasons = reasons;
    }

    /** The notes of this workspace; none when there is no such file. */
    static Notes read(Path file) throws IOException {
        var reasons = new LinkedHashMap<String, String>();
        if (Files.isRegularFile(file)) {
            for (var line : Files.readAllLines(file)) {
                int equals = line.indexOf(" = ");
                if (!line.startsWith("#") && equals > 0) {
                    reasons.put(line.substring(0, equals).strip(), line.substring(equals + 3).strip());
                }
            }
        }
        return new Notes(reasons);
    }

    /** Why this goal is not met, or that nobody has looked yet. */
    String of(Row row) {
        return reasons.getOrDefault(row.suite() + ": " + row.name(), "not looked into yet");
    }
}
