// SPDX-License-Identifier: Apache-2.0
package mimir.bench.calls;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.List;
import mimir.bench.EventRing;
import mimir.bench.Results;
import mimir.bench.Scale;
import mimir.bench.Trial;
import mimir.bench.handoff.MimirLane;
import mimir.ring.RingWriter;

/**
 * What it costs a publication to look for sleepers. Laps with and without take turns on one and the same ring: two
 * rings lie in other pages, and that alone makes more of a difference. The median of the laps counts. Confined: run
 * once.
 */
final class Looking implements Trial {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final long SLOT = 128;
    private static final int LAP = 4096;
    private static final int LAPS = 2_000;
    private static final int BATCH = 64;
    private static final long MAY_SLEEP = 132;

    private final MemorySegment event = MemorySegment.ofArray(new long[(int) SLOT / Long.BYTES]);
    private MemorySegment region;
    private MemorySegment hints;
    private RingWriter writer;
    private long sequence;
    private int seen;

    /** One lap of the ring, in one way. Confined. */
    private record Lap(String name, int operations, Runnable run, long[] times) {
        Lap(String name, int operations, Runnable run, int count) {
            this(name, operations, run, new long[count]);
        }

        double medianNs() {
            Arrays.sort(times);
            return (double) times[times.length / 2] / operations;
        }
    }

    @Override
    public void run(Scale scale, Results results) {
        int laps = scale.of(LAPS);
        try (var ring = new EventRing("bench.look")) {
            region = ring.owner().region();
            hints = ring.owner().hints();
            writer = ring.owner().writer();
            var ways = List.of(new Lap("bareStores", LAP, this::stores, laps),
                    new Lap("bareStoresAndLook", LAP, this::storesAndLooks, laps),
                    new Lap("publish", LAP, () -> publish(0), laps),
                    new Lap("publishAfterSleep", LAP, () -> publish(1), laps),
                    new Lap("publishBatch", LAP / BATCH, this::batches, laps));
            for (int i = 0; i < 2 * laps; i++) { // the first half is compiled and overwritten
                for (var way : ways) {
                    long begin = System.nanoTime();
                    way.run.run();
                    way.times[i % laps] = System.nanoTime() - begin;
                }
            }
            ways.forEach(way -> results.note(way.name + ".ns", way.medianNs()));
        }
    }

    /** The stores of a publication that never looks for sleepers, by hand. */
    private void stores() {
        for (int i = 0; i < LAP; i++) {
            store();
        }
    }

    /** The same, and the look at a ring where nobody ever slept: a load. */
    private void storesAndLooks() {
        int looks = 0;
        for (int i = 0; i < LAP; i++) {
            store();
            looks += (int) INT.getOpaque(hints, MAY_SLEEP);
        }
        seen += looks;
    }

    private void store() {
        long slot = 8192 + (sequence & LAP - 1) * SLOT;
        LONG.setOpaque(region, slot, 2 * sequence + 1);
        VarHandle.storeStoreFence();
        MemorySegment.copy(event, 8, region, slot + 8, SLOT - 8); // as a ring does it
        LONG.setRelease(region, slot, 2 * sequence + 2);
        LONG.setRelease(region, 256L, ++sequence);
    }

    /** Single events, while nobody sleeps; {@code somebody}: 1 when somebody did before. */
    private void publish(int somebody) {
        INT.setOpaque(hints, MAY_SLEEP, somebody);
        for (int i = 0; i < LAP; i++) {
            MimirLane.publish(writer, sequence++, 0);
        }
        INT.setOpaque(hints, MAY_SLEEP, 0);
    }

    /** As many, 64 of them shown at once. */
    private void batches() {
        for (int i = 0; i < LAP; i++) {
            MimirLane.fill(writer, sequence++, 0);
            writer.stage();
            if (i % BATCH == BATCH - 1) {
                writer.publish();
            }
        }
    }
}
