// SPDX-License-Identifier: Apache-2.0
package mimir.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What Mimir asks of itself. Immutable. */
public final class Goals {
    private static final String RATE = "rate.perS";
    private static final String SENT = "sent.perS";
    private static final String P50 = "p50.ns";
    private static final String P99 = "p99.ns";
    private static final String BATCH = "batch.p50.ns";
    private static final double NONE = Double.NaN;

    private Goals() {
    }

    /** All of them. */
    public static List<Goal> all() {
        return Stream.of(handoff(), wake(), ipc(), fromC(), FrameGoals.frames(), FrameGoals.ingest(),
                FrameGoals.publish(), AnalysisGoals.analysis(), AnalysisGoals.hostile(), AnalysisGoals.driver(),
                routing(), calls()).flatMap(List::stream).toList();
    }

    private static List<Goal> handoff() {
        var list = new Listing("handoff");
        list.rate("1 to 1, lossless: events/s against the fastest of JCTools, Agrona, Disruptor",
                Figure.of("mimir.throughput", RATE), 0.8, 1.0, Figure.of("jctools.throughput", RATE),
                Figure.of("agrona.throughput", RATE), Figure.of("disruptor.throughput", RATE));
        list.cost("1 to 1, p50 against JCTools", Figure.of("mimir.latency", P50), 1.4, 1.1,
                Figure.of("jctools.latency", P50));
        list.cost("1 to 1, p99 against JCTools", Figure.of("mimir.latency", P99), 2.0, 1.5,
                Figure.of("jctools.latency", P99));
        list.rate("1 to 3, a writer that waits for nobody: events/s sent against Disruptor",
                Figure.of("mimir.lossy.three", SENT), 1.5, NONE, Figure.of("disruptor.three", SENT));
        list.rate("the same writer beside a reader that has stopped, against itself",
                Figure.of("mimir.lossy.stopped", SENT), 0.9, NONE, Figure.of("mimir.lossy.three", SENT));
        list.rate("1 to 3, lossless: events/s against Disruptor", Figure.of("mimir.three", RATE), 0.5, NONE,
                Figure.of("disruptor.three", RATE));
        list.least("1 to 1, p50", Figure.of("mimir.latency", P50), 1_000);
        list.least("1 to 1, p99", Figure.of("mimir.latency", P99), 10_000);
        list.most("1 to 1, lossless: events/s", Figure.of("mimir.throughput", RATE), 10_000_000);
        list.least("allocated by the sender", Figure.of("mimir.throughput", "sender.bytesPerOp"), 0.5);
        list.least("allocated by the receiver", Figure.of("mimir.latency", "receiver.bytesPerOp"), 0.5);
        list.least("batch of 64 to a sleeper, p50", Figure.of("mimir.batch", BATCH), 100_000);
        list.least("batch of 64: sleeps of the receiver", Figure.of("mimir.batch", "sleepsPerBatch"), 2);
        list.cost("batch of 64 together, p50 against one by one", Figure.of("mimir.batch", BATCH), 1.0, NONE,
                Figure.of("mimir.batch.singly", BATCH));
        list.least("batch of 64 to a thread that spins, p50", Figure.of("mimir.batch.spinning", BATCH), 10_000);
        list.least("stages of an event to a sleeper, their sum against the whole way of others: at most",
                Figure.of("mimir.trace.asleep", "stages.share"), 1.02);
        list.most("stages of an event to a sleeper, their sum against the whole way of others: at least",
                Figure.of("mimir.trace.asleep", "stages.share"), 0.98);
        list.least("receiver that is kept busy: sleeps per event", Figure.of("mimir.latency", "sleepsPerOp"), 0.01);
        return list.goals;
    }

    private static List<Goal> wake() {
        var list = new Listing("wake");
        list.cost("publish to one sleeper, p50, against unpark", Figure.of("mimir.sleepers.1", P50), 0.95, 0.85,
                Figure.of("unpark.sleepers.1", P50));
        list.cost("publish to three sleepers, p50, against unpark", Figure.of("mimir.sleepers.3", P50), 0.8, 0.7,
                Figure.of("unpark.sleepers.3", P50));
        list.cost("publish with 8 readers awake, p50, against one", Figure.of("mimir.awake.8", P50), 1.3, NONE,
                Figure.of("mimir.awake.1", P50));
        list.least("allocated by the sender", Figure.of("mimir.sleepers.1", "sender.bytesPerOp"), 0.5);
        return list.goals;
    }

    private static List<Goal> ipc() {
        var list = new Listing("ipc");
        list.cost("two JVMs, p50 against Aeron IPC", Figure.of("mimir.latency", P50), 0.75, 0.5,
                Figure.of("aeron.latency", P50));
        list.rate("two JVMs, lossless: events/s against Aeron IPC", Figure.of("mimir.throughput", RATE), 1.5, 2.0,
                Figure.of("aeron.throughput", RATE));
        list.cost("two JVMs, batch of 64, p50 against Aeron IPC", Figure.of("mimir.batch", BATCH), 0.5, 0.3,
                Figure.of("aeron.batch", BATCH));
        list.cost("two JVMs, receiver asleep, p50 against a Unix socket", Figure.of("mimir.sleeping", P50), 0.8, NONE,
                Figure.of("socket.sleeping", P50));
        list.cost("two hops, all asleep, p50 against POSIX queues", Figure.of("mimir.hops", P50), 1.0, NONE,
                Figure.of("queue.hops", P50));
        list.cost("two hops, all asleep, batch of 64, p50 against POSIX queues", Figure.of("mimir.hops", BATCH), 0.3,
                NONE, Figure.of("queue.hops", BATCH));
        list.times("two hops, p50 against 270 µs of a MIDI server", Figure.of("mimir.hops", P50), 12, NONE, 270_000);
        list.add("two hops, events/s against 3,888/s of a MIDI server", Goal.Kind.RATE,
                Figure.of("mimir.relay", RATE), 1_000, NONE, Figure.constant(3_888));
        list.times("two hops, batch of 64 against 30.5 ms of a MIDI server", Figure.of("mimir.hops", BATCH), 300, 500,
                30_500_000);
        list.least("two JVMs, p50", Figure.of("mimir.latency", P50), 5_000);
        list.least("two JVMs, receiver asleep, p99", Figure.of("mimir.sleeping", P99), 100_000);
        list.most("two JVMs, events/s", Figure.of("mimir.throughput", RATE), 1_000_000);
        list.least("two JVMs, batch of 64, p50", Figure.of("mimir.batch", BATCH), 100_000);
        list.least("two hops, batch of 64: sleeps of the client per batch", Figure.of("mimir.hops",
                "batch.sleepsPerOp"), 2);
        return list.goals;
    }

    private static List<Goal> fromC() {
        var list = new Listing("native");
        list.cost("C to Java, p50 against Java to Java", Figure.of("c.latency", P50), 1.0, NONE,
                Figure.of("java.latency", P50));
        list.least("blocks of sound from C: sleeps of the reader per block, each one call into the system",
                Figure.of("c.blocks", "sleepsPerOp"), 1.0);
        list.least("allocated by the reader", Figure.of("c.latency", "reader.bytesPerOp"), 0.5);
        return list.goals;
    }

    private static List<Goal> routing() {
        var list = new Listing("routing");
        beside(list, "an event", "event");
        beside(list, "an event of 64 that are shown at once", "batch");
        beside(list, "an event whose writer asks for room", "lossless");
        beside(list, "a frame that lies there already", "frame");
        return list.goals;
    }

    private static void beside(Listing list, String what, String way) {
        list.cost(what + ", there and back in one thread: against the ring of the baseline",
                Figure.of("ring", way + ".ns"), 1.1, NONE, Figure.of("ring", way + ".baseline.ns"));
    }

    private static List<Goal> calls() {
        var list = new Listing("calls");
        list.add("a publication with nobody asleep, where nobody ever slept: its look for sleepers", Goal.Kind.EXTRA,
                Figure.of("ring", "bareStoresAndLook.ns"), 5, NONE, Figure.of("ring", "bareStores.ns"));
        list.add("a publication with nobody asleep, where somebody slept before: against never", Goal.Kind.EXTRA,
                Figure.of("ring", "publishAfterSleep.ns"), 5, NONE, Figure.of("ring", "publish.ns"));
        list.add("64 events published together, against 64 times one", Goal.Kind.COST,
                Figure.of("ring", "publishBatch.ns"), 64, 32, Figure.of("ring", "publish.ns"));
        return list.goals;
    }

    /** Goals of one suite. Confined to the method that fills it. */
    static final class Listing {
        final List<Goal> goals = new ArrayList<>();
        private final String suite;

        Listing(String suite) {
            this.suite = suite;
        }

        void add(String name, Goal.Kind kind, Figure ours, double goal, double stretch, Figure... peers) {
            goals.add(new Goal(suite, name, ours, List.of(peers), kind, goal, stretch));
        }

        void rate(String name, Figure ours, double goal, double stretch, Figure... peers) {
            add(name, Goal.Kind.RATE, ours, goal, stretch, peers);
        }

        void cost(String name, Figure ours, double goal, double stretch, Figure... peers) {
            add(name, Goal.Kind.COST, ours, goal, stretch, peers);
        }

        void times(String name, Figure ours, double goal, double stretch, double constant) {
            add(name, Goal.Kind.TIMES, ours, goal, stretch, Figure.constant(constant));
        }

        void least(String name, Figure ours, double goal) {
            add(name, Goal.Kind.LEAST, ours, goal, NONE);
        }

        void most(String name, Figure ours, double goal) {
            add(name, Goal.Kind.MOST, ours, goal, NONE);
        }
    }
}
