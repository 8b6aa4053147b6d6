// SPDX-License-Identifier: Apache-2.0
package mimir.syncbench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;

/**
 * Observations of devices that ran, once more through the estimator and its peers, and held against the truth five
 * times a second as in the platform: the constant delay is what all clocks of a kind show in the half of the looks that
 * state the smaller intervals. The same file gives the same figures. Confined.
 */
final class Replay {
    private static final double LOOK_NS = 200e6;
    private static final double WELL = 0.95;

    /** One look: when, what ours states, what each mapper is off by, the constant delay included; ns. */
    private record Look(long hostNs, double statedNs, double[] errors) {
    }

    private final Observations.Clock clock;
    private final List<Look> looks = new ArrayList<>();
    private int segments;

    private Replay(Observations.Clock clock) {
        this.clock = clock;
        run();
    }

    /** A few rows for each clock whose truth was told. */
    static List<Row> rows(List<Observations.Clock> clocks) {
        var rows = new ArrayList<Row>();
        Map<String, List<Replay>> kinds = clocks.stream().map(Replay::new).filter(replay -> !replay.looks.isEmpty())
                .collect(Collectors.groupingBy(Replay::kind, TreeMap::new, Collectors.toList()));
        for (var alike : kinds.values()) {
            var constants = new double[Course.MAPPERS.size()];
            var sure = alike.stream().flatMap(replay -> replay.looks.stream())
                    .sorted((a, b) -> Double.compare(a.statedNs, b.statedNs)).toList();
            for (int i = 0; i < constants.length; i++) {
                var errors = new Values();
                for (var look : sure.subList(0, (sure.size() + 1) / 2)) {
                    errors.add(look.errors[i]);
                }
                constants[i] = errors.quantile(0.5);
            }
            alike.forEach(replay -> replay.tell(constants, rows));
        }
        return rows;
    }

    /** Devices whose clocks and items are alike have the same constant delay. */
    private String kind() {
        double seconds = (clock.hostNs(clock.items() - 1) - clock.hostNs(0)) / 1e9;
        return clock.hz + " " + Math.round(Math.log(clock.items() / Math.max(1, seconds)) * 4);
    }

    private void run() {
        var ours = new Ours(1e9 / clock.hz);
        Mapper[] mappers = {};
        long nextNs = 0;
        for (int item = 0; item < clock.items(); item++) {
            if (item == 0 || clock.epoch(item) != clock.epoch(item - 1)) {
                ours.epoch(clock.epoch(item));
                mappers = new Mapper[] {ours, new Dll(1e9 / clock.hz), new LeastSquares(1e9 / clock.hz),
                    new Regression(1e9 / clock.hz)};
            }
            int segment = ours.segment();
            for (var mapper : mappers) {
                mapper.observe(clock.device(item), clock.hostNs(item));
            }
            segments += ours.segment() > segment ? 1 : 0;
            boolean due = clock.hostNs(item) >= nextNs && clock.trueNs(item) != Observations.UNKNOWN;
            if (due && ours.present(clock.epoch(item))) {
                nextNs = clock.hostNs(item) + (long) LOOK_NS;
                look(item, ours.intervalNs(), mappers);
            }
        }
    }

    private void look(int item, double statedNs, Mapper[] mappers) {
        var errors = new double[mappers.length];
        for (int i = 0; i < errors.length; i++) {
            errors[i] = mappers[i].canonicalNs(clock.device(item)) - clock.trueNs(item);
        }
        looks.add(new Look(clock.hostNs(item), statedNs, errors));
    }

    private void tell(double[] constants, List<Row> rows) {
        var name = clock.source;
        double inside = looks.stream().filter(look -> Math.abs(look.errors[0] - constants[0]) <= look.statedNs).count();
        DoubleFunction<Double> p95 = mapper -> looks.stream().map(look -> look.errors[(int) mapper])
                .collect(Values::new, Values::add, Values::addAll).magnitudes(constants[(int) mapper]).quantile(WELL);
        var stated = new Values();
        looks.forEach(look -> stated.add(look.statedNs));
        rows.add(Row.figure(name + ": observations", clock.items(), ""));
        rows.add(Row.figure(name + ": segments that began", segments, ""));
        rows.add(Row.atLeast(name + ": " + looks.size() + " looks, in the stated interval", 100 * inside / looks.size(),
                100 * WELL, "%"));
        rows.add(Row.figure(name + ": stated, median", stated.quantile(0.5) / 1e3, "us"));
        rows.add(Row.figure(name + ": constant delay that was subtracted", constants[0] / 1e3, "us"));
        for (int i = 1; i < Course.MAPPERS.size(); i++) {
            rows.add(Row.beside(name + ": map, p95, beside " + Course.MAPPERS.get(i), p95.apply(0) / 1e3,
                    p95.apply(i) / 1e3, "us"));
        }
    }
}
