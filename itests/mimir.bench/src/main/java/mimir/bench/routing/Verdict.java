// SPDX-License-Identifier: Apache-2.0
package mimir.bench.routing;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * What several contests say together. In one JVM of ten or so the compiler makes other code, and somebody else may have
 * the machine for a while; so three are held at least, and more as long as a way seems slower. Confined.
 */
final class Verdict {
    private static final int LEAST_CONTESTS = 3;
    private static final int PLACES = 8;

    private final Map<Way, List<Contest.Cost>> costs = new EnumMap<>(Way.class);

    /**
     * Holds contests until no way is slower than {@code most} times before, or so many were held. Returns the ways that
     * are, with how much. Blocks for two seconds a contest.
     */
    static Map<Way, Double> slower(Contest contest, double most, int contests, Consumer<String> told)
            throws IOException {
        var verdict = new Verdict();
        Map<Way, Double> slower = Map.of();
        for (int held = 1; held <= contests && (held <= LEAST_CONTESTS || !slower.isEmpty()); held++) {
            contest.run(PLACES).forEach((way, cost) ->
                    verdict.costs.computeIfAbsent(way, none -> new ArrayList<>()).add(cost));
            slower = verdict.costs.keySet().stream().filter(way -> verdict.ratio(way) > most)
                    .collect(Collectors.toMap(way -> way, verdict::ratio));
        }
        verdict.costs.keySet().forEach(way -> told.accept(verdict.line(way)));
        return slower;
    }

    /** By the least and by the median of each side; the smaller one, because only a real change shows in both. */
    private double ratio(Way way) {
        return Math.min(least(way, Contest.Cost::nowNs) / least(way, Contest.Cost::beforeNs),
                median(way, Contest.Cost::nowNs) / median(way, Contest.Cost::beforeNs));
    }

    private double least(Way way, ToDoubleFunction<Contest.Cost> side) {
        return costs.get(way).stream().mapToDouble(side).min().orElseThrow();
    }

    private double median(Way way, ToDoubleFunction<Contest.Cost> side) {
        var sorted = costs.get(way).stream().mapToDouble(side).sorted().toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    private String line(Way way) {
        return String.format(Locale.ROOT, "%-8s %.3f x: median and least of %d %.1f, %.1f ns, of the baseline %.1f, "
                + "%.1f ns", way, ratio(way), costs.get(way).size(), median(way, Contest.Cost::nowNs),
                least(way, Contest.Cost::nowNs), median(way, Contest.Cost::beforeNs),
                least(way, Contest.Cost::beforeNs));
    }
}
