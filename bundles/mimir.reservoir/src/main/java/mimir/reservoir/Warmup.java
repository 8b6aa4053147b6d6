// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import mimir.ring.Abi;
import mimir.ring.HostClock;
import mimir.ring.RingFormat;
import mimir.ring.RingOwner;
import mimir.ring.RingSpec;
import mimir.ring.RingStore;

/**
 * Runs the ingest on private rings: code that the JVM has not compiled yet allocates at every access to foreign memory,
 * and that must not happen per item of a real source. Confined to the thread that warms up.
 */
final class Warmup implements AutoCloseable {
    static final AtomicBoolean DONE = new AtomicBoolean(); // once since these classes were loaded; thread-safe

    private static final int ROUNDS = 30_000;
    private static final int ROUNDS_PER_STEP = 50; // between two looks whether to stop
    private static final int FRAME = 64 << 10; // as real ones, by the C library
    private static final int BLOCK = 2 << 10;  // by the JVM
    private static final int CRC32C_OF_FRAME = 0x72c0c4a4; // of so many zeroes
    private static final int CRC32C_OF_BLOCK = 0xa489834f;
    private static final int ROW = 64;
    private static final String KEPT = "warm-up.kept"; // where it was written
    private static final long BUDGET = 16L << 20;

    private final Ingest ingest = new Ingest(BUDGET);
    private final RingStore store = RingStore.unseen(Map.of("deep", new String[] {KEPT}));
    private final RingOwner frames = open("warm-up.frames", Abi.ITEM_FRAME, FRAME);
    private final RingOwner blocks = open("warm-up.blocks", Abi.ITEM_AUDIO, BLOCK);
    private final RingOwner kept = open(KEPT, Abi.ITEM_FRAME, BLOCK);
    private int rounds;

    Warmup() {
        ingest.log().populate(BUDGET);
        ingest.add(frames.ring());
        ingest.add(blocks.ring());
        ingest.add(kept.ring());
    }

    private RingOwner open(String identity, int kind, int bytes) {
        var format = new RingFormat(1, 0, ROW, bytes / ROW, 60, 1, List.of(0L), List.of(ROW), bytes, 0);
        return store.open(new RingSpec(identity, kind, 60, bytes, format, RingSpec.Writer.JAVA), "mimir.reservoir");
    }

    /** Takes in some items of either kind. False when that was enough. */
    boolean step() {
        for (int round = 0; round < ROUNDS_PER_STEP; round++) {
            publish(frames, FRAME, CRC32C_OF_FRAME);
            publish(blocks, BLOCK, CRC32C_OF_BLOCK);
            publish(kept, BLOCK, CRC32C_OF_BLOCK);
            ingest.pass();
        }
        rounds += ROUNDS_PER_STEP;
        return rounds < ROUNDS;
    }

    private void publish(RingOwner owner, int bytes, int crc) {
        var writer = owner.writer();
        writer.claim();
        writer.descriptor().sequence(rounds).hostTimeNs(HostClock.nowNs())
                .shape(owner.formatId(), ROW, bytes / ROW, bytes).crc32c(crc);
        writer.commit();
    }

    @Override
    public void close() {
        ingest.close(Duration.ZERO);
        frames.close();
        blocks.close();
        kept.close();
        store.close();
    }
}
