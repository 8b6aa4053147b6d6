// SPDX-License-Identifier: Apache-2.0
package mimir.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * What one trial found: figures by name, and why it must not be believed, if so. It crosses from JVM to JVM as lines of
 * text. Thread-safe.
 */
public final class Results {
    private static final double LEAST_SHARE = 0.95;
    private static final String FIGURE = "figure ";
    private static final String INVALID = "invalid ";

    private final Map<String, Double> figures = new LinkedHashMap<>(); // guarded by this
    private final List<String> faults = new ArrayList<>();             // guarded by this

    /** Notes a figure; its unit ends its name, such as {@code p50.ns}. */
    public synchronized void note(String name, double value) {
        figures.put(name, value);
    }

    /** Notes the quantiles of times in ns. A time below 0 would mean that the clocks do not compare. */
    public void quantiles(String prefix, Histogram times) {
        note(prefix + "p50.ns", times.getValueAtPercentile(50));
        note(prefix + "p99.ns", times.getValueAtPercentile(99));
        note(prefix + "p99.9.ns", times.getValueAtPercentile(99.9));
        note(prefix + "max.ns", times.getMaxValue());
        note(prefix + "least.ns", times.getMinValue());
        note(prefix + "count", times.getTotalCount());
    }

    /** A thread that ought to spin all the time says what share of a core it got; too little spoils the round. */
    public void spun(String thread, double share) {
        note("cpu." + thread, share);
        if (share < LEAST_SHARE) {
            spoil("%s had %.2f of a core".formatted(thread, share));
        }
    }

    /** The figures are there, and must not be believed. */
    public synchronized void spoil(String why) {
        faults.add(why);
    }

    /** All figures, in the order in which they were noted. */
    public synchronized Map<String, Double> figures() {
        return new LinkedHashMap<>(figures);
    }

    /** Why not to believe them; empty when all is well. */
    public synchronized List<String> faults() {
        return List.copyOf(faults);
    }

    /** As lines of text. */
    public synchronized Stream<String> lines() {
        return Stream.concat(figures.entrySet().stream().map(each -> FIGURE + each.getKey() + " " + each.getValue()),
                faults.stream().map(why -> INVALID + why)).toList().stream();
    }

    /** Takes a line in; false when it is not one of ours. */
    public boolean take(String line) {
        if (line.startsWith(INVALID)) {
            spoil(line.substring(INVALID.length()));
            return true;
        }
        if (!line.startsWith(FIGURE)) {
            return false;
        }
        int space = line.lastIndexOf(' ');
        note(line.substring(FIGURE.length(), space), Double.parseDouble(line.substring(space + 1)));
        return true;
    }
}
