// SPDX-License-Identifier: Apache-2.0
package mimir.bench.fromc;

import java.util.List;
import mimir.bench.Case;
import mimir.bench.handoff.Latency;
import mimir.bench.handoff.MimirLane;
import mimir.ring.Profile;

/** C writes, Java reads, beside Java to Java. Immutable. */
public final class FromCSuite {
    private static final String NAME = "native";
    private static final int EVENTS = 420_000; // half of them count: a million in five rounds
    private static final long EVENT_NS = 10_000;
    private static final int BLOCKS = 6_000;
    private static final long BLOCK_NS = 333_333;

    private FromCSuite() {
    }

    /** All trials, in the order in which a round runs them. */
    public static List<Case> cases() {
        return List.of(new Case(NAME, "c.latency", () -> new FromC(EVENTS, EVENT_NS, false)),
                new Case(NAME, "java.latency", () ->
                        new Latency((receivers, yielding) -> new MimirLane(Profile.EVERY, yielding))),
                new Case(NAME, "c.blocks", () -> new FromC(BLOCKS, BLOCK_NS, true)));
    }
}
