// SPDX-License-Identifier: Apache-2.0
package mimir.shell.line;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.regex.Pattern;
import mimir.api.BadInputException;

/** Durations as people type them: {@code 500ms}, {@code 10s}, {@code 2m}, {@code 1.5h}. Immutable. */
public final class Durations {
    private static final Pattern SHAPE = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ms|s|m|h)");
    private static final Duration LONGEST = Duration.ofDays(366);

    private Durations() {
    }

    /**
     * Reads a duration above zero.
     *
     * @param option whose value it is, for the sentence: {@code --for}
     * @throws BadInputException that quotes the value
     */
    public static Duration parse(String option, String text) {
        var match = SHAPE.matcher(text);
        if (match.matches()) {
            var ns = new BigDecimal(match.group(1)).multiply(BigDecimal.valueOf(unitNs(match.group(2))));
            var duration = Duration.ofNanos(ns.setScale(0, RoundingMode.DOWN).min(tooLong()).longValueExact());
            if (duration.isPositive() && duration.compareTo(LONGEST) <= 0) {
                return duration;
            }
        }
        throw new BadInputException(option + " cannot be '" + text
                + "': give a duration above zero and up to a year, such as 500ms, 10s, 2m or 1h");
    }

    /**
     * Reads how long ago something was: {@code -10s}.
     *
     * @param option whose value it is, for the sentence: {@code --from}
     * @throws BadInputException that quotes the value
     */
    public static Duration ago(String option, String text) {
        if (text.startsWith("-") && SHAPE.matcher(text.substring(1)).matches()) {
            return parse(option, text.substring(1));
        }
        throw new BadInputException(option + " cannot be '" + text
                + "': give how long ago with a minus, such as -10s or -500ms");
    }

    private static BigDecimal tooLong() {
        return BigDecimal.valueOf(LONGEST.toNanos()).add(BigDecimal.ONE);
    }

    private static long unitNs(String unit) {
        return switch (unit) {
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            default -> 3_600_000_000_000L;
        };
    }

    /** The shortest of the forms that {@link #parse} reads: {@code 1500ms}, {@code 30s}, {@code 2m}, {@code 1h}. */
    public static String text(Duration duration) {
        long ms = duration.toMillis();
        if (ms % 1_000 != 0) {
            return ms + "ms";
        }
        long s = ms / 1_000;
        if (s % 60 != 0 || s == 0) {
            return s + "s";
        }
        return s % 3_600 == 0 ? s / 3_600 + "h" : s / 60 + "m";
    }
}
