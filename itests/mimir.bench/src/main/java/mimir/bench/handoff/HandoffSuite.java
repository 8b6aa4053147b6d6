// SPDX-License-Identifier: Apache-2.0
package mimir.bench.handoff;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import mimir.bench.Case;
import mimir.ring.Profile;
import mimir.ring.Waiting;

/** 64-byte events from thread to thread in one process. Immutable. */
public final class HandoffSuite {
    /** Name of the suite. */
    public static final String NAME = "handoff";

    private static final int TRACED = 100_000;
    private static final long TRACE_NS = 10_000;
    private static final int ASLEEP = 5_000;
    private static final long ASLEEP_NS = 200_000;

    private HandoffSuite() {
    }

    /** All trials, in the order in which a round runs them. */
    public static List<Case> cases() {
        var one = new LinkedHashMap<String, Lane.Maker>();
        one.put("mimir", (receivers, yielding) -> new MimirLane(Profile.LOSSLESS, yielding));
        one.put("mimir.lossy", (receivers, yielding) -> new MimirLane(Profile.EVERY, yielding));
        one.put("jctools", (receivers, yielding) -> new JctoolsLane(yielding));
        one.put("agrona", (receivers, yielding) -> new AgronaLane(yielding));
        one.put("disruptor", (receivers, yielding) -> new DisruptorLane(yielding));
        one.put("agrona.broadcast", (receivers, yielding) -> new AgronaBroadcastLane());
        var cases = new ArrayList<Case>();
        one.forEach((name, maker) -> cases.add(new Case(NAME, name + ".throughput", () -> new Throughput(maker, 1,
                false))));
        one.forEach((name, maker) -> cases.add(new Case(NAME, name + ".latency", () -> new Latency(maker))));
        cases.add(new Case(NAME, "mimir.lossy.three", () -> new Throughput(one.get("mimir.lossy"), 3, false)));
        cases.add(new Case(NAME, "mimir.three", () -> new Throughput(one.get("mimir"), 3, false)));
        cases.add(new Case(NAME, "disruptor.three", () -> new Throughput(one.get("disruptor"), 3, false)));
        cases.add(new Case(NAME, "mimir.lossy.stopped", () -> new Throughput(one.get("mimir.lossy"), 3, true)));
        cases.add(new Case(NAME, "mimir.trace", () -> new Trace(Waiting.SPIN, TRACED, TRACE_NS)));
        cases.add(new Case(NAME, "mimir.trace.asleep", () -> new Trace(Waiting.DOORBELL, ASLEEP, ASLEEP_NS)));
        cases.add(new Case(NAME, "mimir.batch", () -> new Batch(Waiting.DOORBELL, true)));
        cases.add(new Case(NAME, "mimir.batch.singly", () -> new Batch(Waiting.DOORBELL, false)));
        cases.add(new Case(NAME, "mimir.batch.spinning", () -> new Batch(Waiting.SPIN, true)));
        cases.add(new Case(NAME, "mimir.batch.spinning.singly", () -> new Batch(Waiting.SPIN, false)));
        return cases;
    }
}
