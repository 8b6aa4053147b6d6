// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.List;
import java.util.Locale;
import mimir.api.BadInputException;
import mimir.shell.line.Durations;
import mimir.shell.line.Given;

/**
 * A stretch of the past. Immutable.
 *
 * @param fromNs how long ago it began, ns; 0 for as far as there is memory
 * @param toNs how long ago it ended, ns; 0 for now
 */
record Stretch(long fromNs, long toNs) {
    /** What people may want to complete {@code --from} with. */
    static final List<String> USUAL = List.of("-5s", "-10s", "-30s");

    /**
     * What {@code --last}, or {@code --from} and {@code --to} say.
     *
     * @throws BadInputException when they contradict one another
     */
    static Stretch of(Given given) {
        boolean last = given.has("--last");
        if (last && (given.has("--from") || given.has("--to"))) {
            throw new BadInputException("--last ends now: give --from and --to without it");
        }
        long from = last ? Durations.parse("--last", given.value("--last", "")).toNanos() : ago(given, "--from");
        long to = ago(given, "--to");
        if (to > 0 && (from <= to && given.has("--from") || given.has("--follow"))) {
            throw new BadInputException(given.has("--follow") ? "--follow shows what comes: leave --to out"
                    : "--to " + given.value("--to", "") + " is not after --from " + given.value("--from", ""));
        }
        return new Stretch(from, to);
    }

    private static long ago(Given given, String option) {
        return given.has(option) ? Durations.ago(option, given.value(option, "")).toNanos() : 0;
    }

    boolean isGiven() {
        return fromNs > 0 || toNs > 0;
    }

    /** For people who see nothing. */
    String nothing() {
        return fromNs == 0 ? "no result yet"
                : toNs == 0 ? "no result in the last " + seconds(fromNs) + " s"
                : "no result from " + seconds(fromNs) + " to " + seconds(toNs) + " s ago";
    }

    private static String seconds(long ns) {
        return String.format(Locale.ROOT, "%.1f", ns / 1e9);
    }
}
