// SPDX-License-Identifier: Apache-2.0
package mimir.bench;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A goal and what was measured for it. Immutable.
 *
 * @param suite of the goal
 * @param name of the goal
 * @param ours median of our figure
 * @param peer median of the best of theirs
 * @param ratio median of what was compared round by round
 * @param goal what must be reached
 * @param stretch what would be better still, or NaN
 * @param met whether the median reached the goal
 * @param unit of ours and theirs, or of the difference
 * @param kind as in {@link Goal.Kind}
 * @param rounds what was compared, in all rounds
 * @param invalid which of {@code rounds} do not count, from 1
 */
public record Row(String suite, String name, double ours, double peer, double ratio, double goal, double stretch,
        boolean met, String unit, Goal.Kind kind, List<Double> rounds, List<Integer> invalid) {

    /** Judges a goal by these samples; empty when they have nothing for it. */
    public static Optional<Row> of(Goal goal, List<Sample> samples) {
        Map<Integer, List<Sample>> rounds = samples.stream().filter(each -> each.suite().equals(goal.suite()))
                .filter(each -> goal.uses(each.trial()))
                .collect(Collectors.groupingBy(Sample::round, TreeMap::new, Collectors.toList()));
        var all = new ArrayList<Compared>();
        rounds.values().forEach(round -> compare(goal, round).ifPresent(all::add));
        if (all.isEmpty()) {
            return Optional.empty();
        }
        var valid = all.stream().filter(Compared::valid).toList();
        var counted = valid.isEmpty() ? all : valid;
        double ratio = median(counted.stream().map(Compared::value).toList());
        if (goal.kind() == Goal.Kind.CHANGE) {
            ratio = Math.max(0, ratio) / median(counted.stream().map(Compared::noise).toList());
        }
        return Optional.of(new Row(goal.suite(), goal.name(), median(counted.stream().map(Compared::ours).toList()),
                median(counted.stream().map(Compared::theirs).toList()), ratio, goal.goal(), goal.stretch(),
                goal.kind().met(ratio, goal.goal()), Units.of(goal.ours().name()), goal.kind(),
                all.stream().map(Compared::value).toList(),
                IntStream.range(0, all.size()).filter(i -> !all.get(i).valid()).mapToObj(i -> i + 1).toList()));
    }

    private static Optional<Compared> compare(Goal goal, List<Sample> round) {
        var ours = goal.ours().in(round);
        var theirs = goal.peers().stream().map(peer -> peer.in(round)).toList();
        if (ours.isEmpty() || theirs.stream().anyMatch(each -> each.isEmpty())) {
            return Optional.empty();
        }
        boolean change = goal.kind() == Goal.Kind.CHANGE;
        double first = theirs.isEmpty() ? Double.NaN : theirs.getFirst().getAsDouble();
        double best = change ? first
                : theirs.stream().map(each -> each.getAsDouble()).reduce(goal.kind()::best).orElse(Double.NaN);
        boolean valid = round.stream().allMatch(each -> each.faults().isEmpty());
        return Optional.of(new Compared(ours.getAsDouble(), best,
                goal.kind().compare(ours.getAsDouble(), best), valid,
                change ? Math.abs(theirs.getLast().getAsDouble() - first) : 0));
    }

    static double median(List<Double> values) {
        var sorted = values.stream().sorted(Comparator.naturalOrder()).toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** Whether this and {@code other} judge the same goal. */
    boolean asks(Row other) {
        return suite.equals(other.suite) && name.equals(other.name);
    }

    /** True when no round may be believed. */
    public boolean doubtful() {
        return invalid.size() == rounds.size();
    }

    /** Whether the stretch was reached. */
    public boolean stretched() {
        return !Double.isNaN(stretch) && kind.met(ratio, stretch);
    }

    /** {@code noise}: the difference of two measurements of theirs. */
    private record Compared(double ours, double theirs, double value, boolean valid, double noise) {
    }
}
