// SPDX-License-Identifier: Apache-2.0
package mimir.api.reservoir;

/**
 * Items of one source that belong to a stretch of time and are not in the reservoir, by reason. Immutable.
 *
 * @param evicted the edge has passed them: they were older than what the memory holds
 * @param refused pins held the memory when they came
 * @param overtaken the reservoir was too slow to take them in
 * @param overwritten their ring wrote them anew while they were pinned, before there was a copy
 * @param atSource the source itself counted them as lost
 */
public record Missing(long evicted, long refused, long overtaken, long overwritten, long atSource) {
    /** Nothing is missing. */
    public static final Missing NOTHING = new Missing(0, 0, 0, 0, 0);

    /** All of them. */
    public long total() {
        return evicted + refused + overtaken + overwritten + atSource;
    }

    /** Those that came out of the source and are not there nevertheless. */
    public long afterSource() {
        return total() - atSource;
    }

    /** These and others. */
    public Missing and(Missing others) {
        return new Missing(evicted + others.evicted, refused + others.refused, overtaken + others.overtaken,
                overwritten + others.overwritten, atSource + others.atSource);
    }

    /** As a person reads it: "118 refused, 3 lost at the source"; empty when nothing is missing. */
    public String text() {
        var text = new StringBuilder();
        add(text, evicted, " evicted");
        add(text, refused, " refused");
        add(text, overtaken, " overtaken");
        add(text, overwritten, " overwritten");
        add(text, atSource, " lost at the source");
        return text.toString();
    }

    private static void add(StringBuilder text, long items, String how) {
        if (items > 0) {
            text.append(text.isEmpty() ? "" : ", ").append(items).append(how);
        }
    }
}
