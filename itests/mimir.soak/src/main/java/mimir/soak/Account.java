// SPDX-License-Identifier: Apache-2.0
package mimir.soak;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a soak of swaps has found so far. Thread-safe. */
final class Account implements Findings {
    private static final double MS = 1e6;
    private static final double WITHIN_PERCENT = 5;
    private static final double P50_MS = 80;
    private static final double P99_MS = 400;

    private final int asked;
    private final List<Swap> swaps = new ArrayList<>();   // guarded by this
    private final List<Sample> samples = new ArrayList<>(); // guarded by this
    private long lostByReaders;                           // guarded by this
    private long lostAtSource;                            // guarded by this
    private long longestStillNs;                          // guarded by this

    /**
     * One swap. Immutable.
     *
     * @param build what was put in
     * @param outcome as the platform tells it
     * @param gapNs from the last item before to the first after, as a reader saw it, the longest of the sources
     * @param stillNs for how much of that a control thread stood still as well
     * @param told true when the platform tells the same gaps
     * @param mapped true when exactly that build is mapped now
     * @param missed readers of the swapped sources that did not see exactly one change of epoch, in order
     */
    record Swap(String build, String outcome, long gapNs, long stillNs, boolean told, boolean mapped, long missed) {
        long beyondNs() {
            return gapNs - stillNs;
        }
    }

    private record Sample(int swap, Map<String, Double> held) {
    }

    Account(int asked) {
        this.asked = asked;
    }

    synchronized void add(Swap swap) {
        swaps.add(swap);
    }

    synchronized void add(Map<String, Double> held) {
        samples.add(new Sample(swaps.size(), held));
    }

    /** Of the driver that is not swapped, so far. */
    synchronized void others(long byReaders, long atSource, long stillNs) {
        lostByReaders = byReaders;
        lostAtSource = atSource;
        longestStillNs = stillNs;
    }

    @Override
    public String proof() {
        return "swap";
    }

    private double quantile(double share, boolean beyond) {
        var sorted = swaps.stream().mapToLong(swap -> beyond ? swap.beyondNs() : swap.gapNs()).sorted().toArray();
        return sorted.length == 0 ? 0 : sorted[(int) Math.ceil(share * sorted.length) - 1] / MS;
    }

    @Override
    public synchronized List<Row> rows() {
        var rows = new ArrayList<Row>();
        rows.add(Row.least("swaps", swaps.size(), asked, ""));
        rows.add(Row.most("swaps that did not end with the new build delivering",
                swaps.stream().filter(swap -> !swap.outcome().equals("SWAPPED")).count(), 0, ""));
        rows.add(Row.most("swaps after which other bytes were mapped than were put in",
                swaps.stream().filter(swap -> !swap.mapped()).count(), 0, ""));
        rows.add(Row.most("readers of swapped sources that saw not exactly one change of epoch, in order",
                swaps.stream().mapToLong(Swap::missed).sum(), 0, ""));
        rows.add(Row.most("gaps that were told otherwise than a reader saw them",
                swaps.stream().filter(swap -> !swap.told()).count(), 0, ""));
        rows.add(Row.most("gap beyond the machine's own, p50", quantile(0.5, true), P50_MS, "ms"));
        rows.add(Row.most("gap beyond the machine's own, p99", quantile(0.99, true), P99_MS, "ms"));
        rows.add(Row.most("items of the other driver lost by readers", lostByReaders, 0, ""));
        rows.add(Row.most("items of the other driver lost at the source", lostAtSource, 0, ""));
        if (samples.size() > 2) {
            samples.getFirst().held().keySet().forEach(name -> rows.add(
                    Row.most("growth of " + name, Slope.of(points(name)).percent(), WITHIN_PERCENT, "%")));
        }
        return rows;
    }

    private List<double[]> points(String name) {
        return samples.stream().map(sample -> new double[] {sample.swap(), sample.held().get(name)}).toList();
    }

    @Override
    public synchronized Map<String, Double> figures() {
        var figures = new LinkedHashMap<String, Double>();
        figures.put("gap as it was, p50, ms", quantile(0.5, false));
        figures.put("gap as it was, p99, ms", quantile(0.99, false));
        figures.put("gap as it was, longest, ms", quantile(1, false));
        figures.put("swaps in which the machine stood still",
                (double) swaps.stream().filter(swap -> swap.stillNs() > 0).count());
        figures.put("longest standstill, ms", longestStillNs / MS);
        if (!samples.isEmpty()) {
            samples.getLast().held().forEach((name, value) -> figures.put(name + ", at the end", value));
        }
        return figures;
    }

    synchronized String progress() {
        return String.format(Locale.ROOT,
                "swap %d of %d: gap p50 %.0f ms, p99 %.0f ms, longest %.0f ms; lost elsewhere %d",
                swaps.size(), asked, quantile(0.5, false), quantile(0.99, false), quantile(1, false),
                lostByReaders + lostAtSource);
    }

    @Override
    public synchronized Map<String, Object> details() {
        return Map.of("swaps", swaps.stream().map(Account::values).toList(), "samples", samples.stream()
                .map(sample -> Map.of("swap", sample.swap(), "held", sample.held())).toList());
    }

    private static Map<String, Object> values(Swap swap) {
        var values = new LinkedHashMap<String, Object>();
        values.put("build", swap.build());
        values.put("outcome", swap.outcome());
        values.put("gapMs", swap.gapNs() / MS);
        values.put("stillMs", swap.stillNs() / MS);
        values.put("mapped", swap.mapped());
        return values;
    }
}
