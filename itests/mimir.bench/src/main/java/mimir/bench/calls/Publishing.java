// SPDX-License-Identifier: Apache-2.0
package mimir.bench.calls;

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

/** The ring in one thread. Confined. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Publishing {
    private EventRing ring;
    private RingWriter writer;
    private RingReader reader;
    private long sequence;

    /** A ring whose reader never sleeps. */
    @Setup
    public void open() {
        ring = new EventRing("bench.calls");
        writer = ring.owner().writer();
        reader = ring.owner().ring().reader("bench", Profile.EVERY, Start.NOW, Waiting.SPIN);
    }

    /** Ends it. */
    @TearDown
    public void close() {
        reader.close();
        ring.close();
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
}
