// SPDX-License-Identifier: Apache-2.0
package mimir.bench;

import java.util.List;

/** What is asked of analysis. Immutable. */
final class AnalysisGoals {
    private static final String P50 = "pair.p50.ns";
    private static final double NONE = Double.NaN;
    private static final List<String> DELIVERED = List.of("frame.p50.ns", "frame.p99.ns", "audio.p50.ns",
            "audio.p99.ns");

    private AnalysisGoals() {
    }

    static List<Goal> analysis() {
        var list = new Goals.Listing("analysis");
        list.least("a result attached, found by its item and read, p50", Figure.of("mimir.pair", P50), 100);
        list.cost("the same against offer and poll of eight words with JCTools, p50", Figure.of("mimir.pair", P50),
                12, NONE, Figure.of("jctools.pair", P50));
        list.cost("the same against copying its 144 bytes to and fro, p50", Figure.of("mimir.pair", P50), 8, NONE,
                Figure.of("copy.pair", P50));
        list.least("allocated for it", Figure.of("mimir.pair", "bytesPerOp"), 0.5);
        return list.goals;
    }

    /** Delivery beside nobody is measured twice: the difference says what the machine does by itself. */
    static List<Goal> hostile() {
        var list = new Goals.Listing("hostile");
        for (var figure : DELIVERED) {
            beside(list, figure, "four hostile analysers", "delivery.hostile");
            list.cost(name(figure) + ": beside none against beside none", Figure.of("delivery.again", figure), 2, NONE,
                    Figure.of("delivery.alone", figure));
        }
        list.least("frames lost beside them", Figure.of("delivery.hostile", "frame.lost.count"), 0);
        list.least("blocks lost beside them", Figure.of("delivery.hostile", "audio.lost.count"), 0);
        DELIVERED.forEach(figure -> beside(list, figure, "a storm of log entries", "delivery.storm"));
        list.most("log entries in the storm", Figure.of("delivery.storm", "logged.perS"), 100_000);
        list.least("log entries of it that are neither kept nor told to be missing",
                Figure.of("delivery.storm", "logged.astray.count"), 0);
        list.least("frames lost beside the storm", Figure.of("delivery.storm", "frame.lost.count"), 0);
        list.least("blocks lost beside the storm", Figure.of("delivery.storm", "audio.lost.count"), 0);
        return list.goals;
    }

    /** The driver's items are timed from their arrival: what it writes into them counts. */
    static List<Goal> driver() {
        var list = new Goals.Listing("driver");
        list.least("frame of the simulated driver, from its arrival to a reader, p50", Figure.of("sim", "frame.p50.ns"),
                1_000_000);
        list.cost("block of the simulated driver, from its arrival to a reader, p50, against a bare thread in C",
                Figure.of("sim", "audio.p50.ns"), 2, NONE, Figure.of("bare", "audio.p50.ns"));
        list.least("frames lost", Figure.of("sim", "frame.lost.count"), 0);
        list.least("blocks lost", Figure.of("sim", "audio.lost.count"), 0);
        return list.goals;
    }

    private static void beside(Goals.Listing list, String figure, String whom, String trial) {
        list.add(name(figure) + ": change beside " + whom + ", against the change beside none", Goal.Kind.CHANGE,
                Figure.of(trial, figure), 1, NONE, Figure.of("delivery.alone", figure),
                Figure.of("delivery.again", figure));
        list.cost(name(figure) + ": beside " + whom + " against beside none", Figure.of(trial, figure), 2, NONE,
                Figure.of("delivery.alone", figure));
    }

    private static String name(String figure) {
        return figure.substring(0, figure.length() - ".ns".length()).replace(".", " delivered, ");
    }
}
