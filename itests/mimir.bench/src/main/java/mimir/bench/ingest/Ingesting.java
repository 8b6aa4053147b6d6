// SPDX-License-Identifier: Apache-2.0
package mimir.bench.ingest;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import mimir.bench.EventRing;
import mimir.bench.Meter;
import mimir.bench.Results;
import mimir.bench.Scale;
import mimir.bench.Trial;
import mimir.ring.Abi;
import mimir.ring.HostClock;
import mimir.ring.MappedMemory;
import mimir.ring.Ring;
import mimir.ring.RingFormat;
import mimir.ring.RingSpec;
import org.HdrHistogram.Histogram;

/**
 * Frames from a ring into the reservoir, or the same bytes from the same ring to pages of the same kind by memcpy.
 * Bursts
 * of 24 frames, all of them in the ring before the clock starts. Confined: run once.
 *
 * @param reservoir the reservoir's own ingest; else a copy and nothing more
 * @param javaCopy that copy is Java's; else memcpy of the C library
 */
record Ingesting(boolean reservoir, boolean javaCopy) implements Trial {
    private static final int BURST = 24;
    private static final int BURSTS = 1_000;
    private static final long BYTES = 614_400;
    private static final long BUDGET = 512L << 20;

    /** Takes a burst that lies in the ring. */
    private interface Taker {
        void take(MemorySegment ring, long[] places) throws Throwable;
    }

    @Override
    public void run(Scale scale, Results results) throws Exception {
        var format = new RingFormat(2, 1, 640, 480, 60, 1, List.of(0L), List.of(1280), BYTES, 0);
        var spec = new RingSpec("bench.frames", Abi.ITEM_FRAME, 60, BYTES, format, RingSpec.Writer.JAVA);
        try (var ring = new EventRing(Map.of(), spec); var arena = Arena.ofConfined()) {
            var picture = arena.allocate(BYTES, 64).fill((byte) 17);
            var taker = reservoir ? intoReservoir(ring.owner().ring()) : copying();
            measure(ring, picture, taker, scale.of(BURSTS), results);
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("nothing could be taken in", e);
        }
    }

    private static void measure(EventRing ring, MemorySegment picture, Taker taker, int bursts, Results results)
            throws Throwable {
        var times = new Histogram(10_000_000_000L, 3);
        var writer = ring.owner().writer();
        var places = new long[BURST];
        long sequence = 0;
        long faults = 0;
        var meter = new Meter();
        for (int i = 0; i < bursts; i++) {
            if (i == bursts / 2) {
                faults = 0; // all of it is done in the warm-up as well, or it would be compiled in what counts
                times.reset();
                meter.settle();
            }
            for (int n = 0; n < BURST; n++) {
                places[n] = writer.claim();
                if (sequence < 64) {
                    writer.copyIn(picture, 0, 0, BYTES);
                }
                writer.descriptor().sequence(sequence++).hostTimeNs(HostClock.nowNs()).shape(1, 640, 480, BYTES);
                writer.commit();
            }
            long before = Calls.faults();
            long begin = System.nanoTime();
            taker.take(writer.memory(), places);
            long took = System.nanoTime() - begin;
            faults += Calls.faults() - before;
            times.recordValue(took / BURST);
            meter.count(BURST);
        }
        results.note("bytesPerOp", meter.bytesPerOperation());
        results.note("minorFaults.count", faults);
        results.quantiles("", times);
    }

    private static Taker intoReservoir(Ring ring) {
        var reservoir = new IntoReservoir(BUDGET);
        reservoir.add(ring);
        return (memory, places) -> {
            int taken = reservoir.pass();
            if (taken != BURST) {
                throw new IllegalStateException("the reservoir took " + taken + " of " + BURST + " frames");
            }
        };
    }

    private Taker copying() {
        return new Copying(IntoReservoir.pages(BUDGET), javaCopy);
    }

    /** What the bytes cost by themselves. Confined. */
    private static final class Copying implements Taker {

        private final MappedMemory to;
        private final boolean java;
        private long at;

        Copying(MappedMemory to, boolean java) {
            this.to = to;
            this.java = java;
        }

        @Override
        public void take(MemorySegment memory, long[] places) throws Throwable {
            for (long from : places) {
                if (java) {
                    MemorySegment.copy(memory, from, to.segment(), at, BYTES);
                } else {
                    Calls.copy(to.segment().address() + at, memory.address() + from, BYTES);
                }
                at = at + 2 * BYTES > BUDGET ? 0 : at + BYTES;
            }
        }
    }
}
