// SPDX-License-Identifier: Apache-2.0
package mimir.bench.ipc;

import java.util.List;
import mimir.bench.Case;

/** 64-byte events between two processes. Immutable. */
public final class IpcSuite {
    private static final String NAME = "ipc";
    private static final int EVENTS = 420_000; // half of them count: a million in five rounds
    private static final long EVENT_NS = 10_000;
    private static final int MANY = 30_000_000; // a second or two: the compiler has its share of a shorter one
    private static final int BATCHES = 6_000;
    private static final int BATCH = 64;
    private static final long BATCH_NS = 500_000;
    private static final int SLEEPY = 10_000;
    private static final long SLEEPY_NS = 200_000;

    private IpcSuite() {
    }

    /** All trials, in the order in which a round runs them. */
    public static List<Case> cases() {
        var spin = Wire.Wait.SPIN;
        return List.of(
                new Case(NAME, "mimir.latency", () -> new OneWay("mimir", spin, EVENTS, 1, EVENT_NS)),
                new Case(NAME, "aeron.latency", () -> new OneWay("aeron", spin, EVENTS, 1, EVENT_NS)),
                new Case(NAME, "mimir.throughput", () -> new OneWay("mimir", spin, MANY, 1, 0)),
                new Case(NAME, "aeron.throughput", () -> new OneWay("aeron", spin, MANY, 1, 0)),
                new Case(NAME, "mimir.batch", () -> new OneWay("mimir", spin, BATCHES, BATCH, BATCH_NS)),
                new Case(NAME, "aeron.batch", () -> new OneWay("aeron", spin, BATCHES, BATCH, BATCH_NS)),
                new Case(NAME, "mimir.sleeping", () -> new OneWay("mimir", Wire.Wait.SLEEP, SLEEPY, 1, SLEEPY_NS)),
                new Case(NAME, "socket.sleeping", () -> new OneWay("socket", Wire.Wait.SLEEP, SLEEPY, 1, SLEEPY_NS)),
                new Case(NAME, "mimir.hops", () -> new RoundTrip("mimir")),
                new Case(NAME, "queue.hops", () -> new RoundTrip("queue")),
                new Case(NAME, "mimir.relay", () -> new Relay("mimir")));
    }
}
