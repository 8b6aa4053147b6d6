// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.util.Arrays;
import mimir.ring.Descriptor;

/**
 * Counts what one source sends: until its warm-up is over apart from the rest, which alone is judged. Only host times
 * of the items count, so who calls it may be late. Confined.
 */
final class ProbeMeter {
    private final long warmUntilNs;
    private final long endNs;
    private long[] intervalsNs = new long[1024];
    private int intervals;
    private boolean there;
    private int epoch;
    private long sequence;
    private long hostNs;
    private long warmItems;
    private long warmFirstNs;
    private long warmLastNs;
    private long items;
    private long missing;
    private long warmMissing;
    private long breaks;
    private long bytes;
    private long coveredNs;

    /** @param warmUntilNs host time from which on items are measured; {@code endNs}: until when */
    ProbeMeter(long warmUntilNs, long endNs) {
        this.warmUntilNs = warmUntilNs;
        this.endNs = endNs;
    }

    /** The next item of the source. */
    void take(Descriptor item) {
        if (item.hostTimeNs() > endNs) {
            return;
        }
        boolean same = there && item.epoch() == epoch;
        boolean next = same && item.sequence() == sequence + 1 + item.gapItems(); // else this reader missed some itself
        if (item.hostTimeNs() < warmUntilNs) {
            warm(item, next);
        } else {
            measure(item, same, next);
        }
        there = true;
        epoch = item.epoch();
        sequence = item.sequence();
        hostNs = item.hostTimeNs();
    }

    private void warm(Descriptor item, boolean next) {
        warmMissing += next ? item.gapItems() : 0;
        warmFirstNs = warmItems == 0 ? item.hostTimeNs() : warmFirstNs;
        warmLastNs = item.hostTimeNs();
        warmItems++;
    }

    /** The interval from the last item of the warm-up counts: a device that sends none in between is seen. */
    private void measure(Descriptor item, boolean same, boolean next) {
        items++;
        bytes += item.payloadBytes();
        breaks += there && !same ? 1 : 0;
        if (next) {
            missing += item.gapItems();
            if (intervals == intervalsNs.length) {
                intervalsNs = Arrays.copyOf(intervalsNs, 2 * intervals);
            }
            intervalsNs[intervals++] = item.hostTimeNs() - hostNs;
            coveredNs += item.hostTimeNs() - hostNs;
        }
    }

    /**
     * What a source did. Immutable.
     *
     * @param items after the warm-up
     * @param measuredHz items a second in stretches without a break; null when there were not two
     * @param p50Ms interval between items that half of them keep within, ms; null like that
     * @param missing items that the source did not deliver, by their numbers
     * @param breaks times that another epoch began
     * @param bytesPerS payload; null like the rate
     * @param warmItems before the end of the warm-up, and their rate, and what was missing then
     */
    record Figures(long items, Double measuredHz, Double p50Ms, Double p95Ms, Double p99Ms, Double mostMs, long missing,
            long breaks, Double bytesPerS, long warmItems, Double warmHz, long warmMissing) {
    }

    /** The figures so far. */
    Figures figures() {
        var sorted = Arrays.copyOf(intervalsNs, intervals);
        Arrays.sort(sorted);
        boolean some = intervals > 0 && coveredNs > 0;
        Double hz = some ? Double.valueOf(intervals * 1e9 / coveredNs) : null;
        long warmNs = warmLastNs - warmFirstNs;
        return new Figures(items, hz, at(sorted, 50), at(sorted, 95), at(sorted, 99), at(sorted, 100), missing, breaks,
                some ? Double.valueOf(hz * bytes / items) : null, warmItems,
                warmItems > 1 && warmNs > 0 ? Double.valueOf((warmItems - 1) * 1e9 / warmNs) : null, warmMissing);
    }

    /** The smallest that so many of a hundred are not above. */
    private static Double at(long[] sorted, int percent) {
        return sorted.length == 0 ? null : sorted[(sorted.length * percent + 99) / 100 - 1] / 1e6;
    }
}
