// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One line of the log. Immutable.
 *
 * @param time ISO, UTC, with milliseconds
 * @param level INFO, WARN, ERROR or AUDIT
 * @param bundle who logged
 * @param line the whole line
 */
record LogEntry(String time, String level, String bundle, String message, String line) {
    private static final Pattern SHAPE = Pattern.compile("(\\S+Z) (\\w+) +(\\S+): (.*)");

    /** The entry of a line; nothing for one that a full disk cut off. */
    static Optional<LogEntry> of(String line) {
        var match = SHAPE.matcher(line);
        return match.matches()
                ? Optional.of(new LogEntry(match.group(1), match.group(2), match.group(3), match.group(4), line))
                : Optional.empty();
    }

    Map<String, Object> values() {
        var values = new LinkedHashMap<String, Object>();
        values.put("time", time);
        values.put("level", level);
        values.put("bundle", bundle);
        values.put("message", message);
        return values;
    }
}
