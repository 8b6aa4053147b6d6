// SPDX-License-Identifier: Apache-2.0
package mimir.bench.ingest;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import mimir.bench.Meter;
import mimir.bench.Results;
import mimir.bench.Scale;
import mimir.bench.Trial;
import mimir.ring.Abi;
import mimir.ring.HostClock;
import mimir.ring.MappedMemory;
import mimir.ring.RingFormat;
import mimir.ring.RingOwner;
import mimir.ring.RingSpec;
import mimir.ring.RingStore;
import org.HdrHistogram.Histogram;

/**
 * The load of six cameras and 192 kHz audio, a sixtieth of a second at a time: 6 frames and 50 blocks, in four looks,
 * as the reservoir looks 250 times a second. What is measured is what the ingest takes for them, or a bare copy of the
 * same bytes. Confined: run once.
 *
 * @param way what becomes of them
 * @param checked they have checksums, which whoever copies tests
 */
record SixCameras(Way way, boolean checked) implements Trial {
    private static final int[] FRAMES = {2, 1, 2, 1};
    private static final int[] BLOCKS = {12, 13, 12, 13};
    private static final int CAMERAS = 6;
    private static final int TURNS = 3_000;
    private static final int FRAME = 614_400;
    private static final int BLOCK = 2_048;
    private static final long BUDGET = 512L << 20;
    private static final String SOUND = "bench.audio";

    /** What becomes of items. */
    enum Way {
        /** The reservoir copies them. */
        COPIED,
        /** They stay in their rings. */
        IN_PLACE,
        /** There is no reservoir, but a copy by the C library. */
        MEMCPY
    }

    @Override
    public void run(Scale scale, Results results) {
        var rings = new HashMap<String, Object>(Map.of("seconds", 2.0));
        if (way == Way.IN_PLACE) {
            rings.put("deep", identities());
        }
        try (var store = RingStore.unseen(rings); var arena = Arena.ofConfined()) {
            var owners = new ArrayList<RingOwner>();
            for (var identity : identities()) {
                owners.add(store.open(spec(identity), "mimir.bench"));
            }
            var payload = arena.allocate(FRAME, 64).fill((byte) 17);
            var load = new Load(owners, payload, checked, way == Way.MEMCPY ? IntoReservoir.pages(BUDGET) : null,
                    way == Way.MEMCPY ? null : new IntoReservoir(BUDGET));
            measure(load, scale.of(TURNS), results);
            owners.forEach(RingOwner::close);
        }
    }

    private static String[] identities() {
        var identities = new String[CAMERAS + 1];
        for (int i = 0; i < CAMERAS; i++) {
            identities[i] = "bench.camera." + i;
        }
        identities[CAMERAS] = SOUND;
        return identities;
    }

    private static RingSpec spec(String identity) {
        boolean sound = identity.equals(SOUND);
        int bytes = sound ? BLOCK : FRAME;
        var format = new RingFormat(2, 1, 640, 480, 60, 1, List.of(0L), List.of(1280), bytes, 0);
        return new RingSpec(identity, sound ? Abi.ITEM_AUDIO : Abi.ITEM_FRAME, sound ? 3_000 : 60, bytes, format,
                RingSpec.Writer.JAVA);
    }

    private static void measure(Load load, int turns, Results results) {
        var times = new Histogram(10_000_000_000L, 3);
        var meter = new Meter();
        for (int turn = 0; turn < turns; turn++) {
            if (turn == turns / 2) {
                times.reset();
                meter.settle();
            }
            long took = 0;
            for (int look = 0; look < FRAMES.length; look++) {
                load.publish(FRAMES[look], BLOCKS[look]);
                long begin = System.nanoTime();
                load.take();
                took += System.nanoTime() - begin;
            }
            times.recordValue(took / CAMERAS);
            meter.count(CAMERAS);
        }
        results.note("bytesPerOp", meter.bytesPerOperation());
        results.quantiles("", times);
    }

    /** All sources, and who takes what they publish. Confined. */
    private static final class Load {
        private final List<RingOwner> owners;
        private final MemorySegment payload;
        private final MappedMemory pages;
        private final IntoReservoir reservoir;
        private final int[] checksums = new int[2];
        private final boolean checked;
        private final long[] from = new long[64]; // of a look
        private final long[] bytes = new long[from.length];
        private int items;
        private long to;
        private int camera;
        private long sequence;

        Load(List<RingOwner> owners, MemorySegment payload, boolean checked, MappedMemory pages,
                IntoReservoir reservoir) {
            this.owners = owners;
            this.payload = payload;
            this.pages = pages;
            this.reservoir = reservoir;
            this.checked = checked;
            for (int kind = 0; kind < checksums.length; kind++) {
                var crc = new CRC32C();
                crc.update(payload.asSlice(0, kind == 0 ? FRAME : BLOCK).asByteBuffer());
                checksums[kind] = (int) crc.getValue();
            }
            if (reservoir != null) {
                owners.forEach(owner -> reservoir.add(owner.ring()));
            }
        }

        void publish(int frames, int blocks) {
            items = 0;
            for (int i = 0; i < frames; i++) {
                publish(owners.get(camera), FRAME, checksums[0]);
                camera = (camera + 1) % CAMERAS;
            }
            for (int i = 0; i < blocks; i++) {
                publish(owners.get(CAMERAS), BLOCK, checksums[1]);
            }
        }

        /** As a device does: all of it is written anew, and lies in no cache when the reservoir comes. */
        private void publish(RingOwner owner, int length, int checksum) {
            var writer = owner.writer();
            from[items] = writer.memory().address() + writer.claim();
            bytes[items++] = length;
            writer.copyIn(payload, 0, 0, length);
            writer.descriptor().sequence(sequence++).hostTimeNs(HostClock.nowNs()).shape(1, 640, 480, length);
            if (checked) {
                writer.descriptor().crc32c(checksum);
            }
            writer.commit();
        }

        void take() {
            if (reservoir != null) {
                int taken = reservoir.pass();
                if (taken != items) {
                    throw new IllegalStateException("the reservoir took " + taken + " of " + items + " items");
                }
                return;
            }
            for (int i = 0; i < items; i++) {
                to = to + bytes[i] > BUDGET ? 0 : to;
                Calls.copy(pages.segment().address() + to, from[i], bytes[i]);
                to += bytes[i];
            }
        }
    }
}
