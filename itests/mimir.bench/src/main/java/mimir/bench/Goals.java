// SPDX-License-Identifier: Apache-2.0
package mimir.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What Mimir asks of itself. Immutable. */
public final class Goals {
    private static final String RATE = "rate.perS";
    private static final String P50 = "p50.ns";
    private static final String P99 = "p99.ns";

    private Goals() {
    }

    /** All of them. */
    public static List<Goal> all() {
        return Stream.of(handoff()).flatMap(List::stream).toList();
    }

    private static List<Goal> handoff() {
        var list = new Listing("handoff");
        list.add("1 to 1, lossless: events/s against the fastest of JCTools, Agrona, Disruptor", Goal.Kind.RATE,
                Figure.of("mimir.throughput", RATE), 0.8, 1.0, Figure.of("jctools.throughput", RATE),
                Figure.of("agrona.throughput", RATE), Figure.of("disruptor.throughput", RATE));
        list.add("1 to 1, p50 against JCTools", Goal.Kind.COST, Figure.of("mimir.latency", P50), 1.4, 1.1,
                Figure.of("jctools.latency", P50));
        list.add("1 to 1, p99 against JCTools", Goal.Kind.COST, Figure.of("mimir.latency", P99), 2.0, 1.5,
                Figure.of("jctools.latency", P99));
        list.add("1 to 3, a writer that waits for nobody: events/s sent against Disruptor", Goal.Kind.RATE,
                Figure.of("mimir.lossy.three", "sent.perS"), 1.5, Double.NaN, Figure.of("disruptor.three",
                        "sent.perS"));
        return list.goals;
    }

    /** Goals of one suite. Confined to the method that fills it. */
    private static final class Listing {
        private final String suite;
        private final List<Goal> goals = new ArrayList<>();

        Listing(String suite) {
            this.suite = suite;
        }

        void add(String name, Goal.Kind kind, Figure ours, double goal, double stretch, Figure... peers) {
            goals.add(new Goal(suite, name, ours, List.of(peers), kind, goal, stretch));
        }
    }
}
