// SPDX-License-Identifier: Apache-2.0
package mimir.bench.calls;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;
import mimir.bench.EventRing;
import mimir.bench.handoff.MimirLane;
import mimir.ring.Lease;
import mimir.ring.Profile;
import mimir.ring.RingReader;
import mimir.ring.RingWriter;
import mimir.ring.Start;
import mimir.ring.Waiting;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Single operations of the ring, one thread. Confined. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Publishing {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final long SLOT = 128;
    private static final int SLOTS = 4096;
    private static final long MAY_SLEEP = 132;
    private static final long NAP_NS = 2_000_000;

    private EventRing ring;
    private RingWriter writer;
    private RingReader reader;
    private EventRing sleepy;
    private RingWriter sleepyWriter;
    private final MemorySegment event = MemorySegment.ofArray(new long[(int) SLOT / Long.BYTES]);
    private MemorySegment bare;
    private MemorySegment hints;
    private long sequence;

    /** A ring whose readers never sleep, and one where a reader has slept and is awake now. */
    @Setup
    public void open() {
        ring = new EventRing("bench.calls");
        writer = ring.owner().writer();
        reader = ring.owner().ring().reader("bench", Profile.EVERY, Start.NOW, Waiting.SPIN);
        bare = ring.owner().region();
        hints = ring.owner().hints();
        sleepy = new EventRing("bench.calls.sleepy");
        sleepyWriter = sleepy.owner().writer();
        try (var sleeper = sleepy.owner().ring().reader("bench", Profile.EVERY, Start.NOW, Waiting.DOORBELL)) {
            sleeper.await(NAP_NS);
        }
        MimirLane.publish(sleepyWriter, 0, 0); // rings once for the mark that is left
    }

    /** Ends them. */
    @TearDown
    public void close() {
        reader.close();
        ring.close();
        sleepy.close();
    }

    /** One event, while nobody sleeps and nobody ever did. */
    @Benchmark
    public void publish() {
        MimirLane.publish(writer, sequence++, 0);
    }

    /** One event, while nobody sleeps but somebody did before. */
    @Benchmark
    public void publishAfterSleep() {
        MimirLane.publish(sleepyWriter, sequence++, 0);
    }

    /** 64 events that are shown at once. */
    @Benchmark
    public void publishBatch() {
        for (int i = 0; i < 64; i++) {
            MimirLane.fill(writer, sequence++, 0);
            writer.stage();
        }
        writer.publish();
    }

    /** One event there and back in the same thread. */
    @Benchmark
    public long publishAndRead() {
        MimirLane.publish(writer, sequence++, 0);
        Lease lease = reader.next();
        while (lease != null) {
            lease.release();
            lease = reader.next();
        }
        return sequence;
    }

    /** The stores of a publication that never looks for sleepers, by hand. */
    @Benchmark
    public void bareStores() {
        store();
    }

    /** The same, and the look at a ring where nobody ever slept: a load. */
    @Benchmark
    public int bareStoresAndLook() {
        store();
        return (int) INT.getOpaque(hints, MAY_SLEEP);
    }

    private void store() {
        long slot = 8192 + (sequence & SLOTS - 1) * SLOT;
        LONG.setOpaque(bare, slot, 2 * sequence + 1);
        VarHandle.storeStoreFence();
        MemorySegment.copy(event, 8, bare, slot + 8, SLOT - 8); // as a ring does it
        LONG.setRelease(bare, slot, 2 * sequence + 2);
        LONG.setRelease(bare, 256L, ++sequence);
    }
}
