// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import java.time.Duration;
import java.util.List;
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
    private static final int ROUNDS = 30_000;
    private static final int ROUNDS_PER_STEP = 50; // between two looks whether to stop
    private static final int PAYLOAD = 2048;
    private static final int CRC32C_OF_ZEROES = 0xa489834f; // of 2,048 bytes
    private static final long BUDGET = 16L << 20;

    private final Ingest ingest = new Ingest(BUDGET);
    private final RingStore store = RingStore.unseen();
    private final RingOwner frames = open("warm-up.frames", Abi.ITEM_FRAME);
    private final RingOwner blocks = open("warm-up.blocks", Abi.ITEM_AUDIO);
    private int rounds;

    Warmup() {
        ingest.log().populate(BUDGET);
        ingest.add(frames.ring());
        ingest.add(blocks.ring());
    }

    private RingOwner open(String identity, int kind) {
        var format = new RingFormat(1, 0, 64, 32, 60, 1, List.of(0L), List.of(64), PAYLOAD, 0);
        return store.open(new RingSpec(identity, kind, 60, PAYLOAD, format, RingSpec.Writer.JAVA), "mimir.reservoir");
    }

    /** Takes in some items of either kind. False when that was enough. */
    boolean step() {
        for (int round = 0; round < ROUNDS_PER_STEP; round++) {
            publish(frames);
            publish(blocks);
            ingest.pass();
        }
        rounds += ROUNDS_PER_STEP;
        return rounds < ROUNDS;
    }

    private void publish(RingOwner owner) {
        var writer = owner.writer();
        writer.claim();
        writer.descriptor().sequence(rounds).hostTimeNs(HostClock.nowNs())
                .shape(owner.formatId(), 64, 32, PAYLOAD).crc32c(CRC32C_OF_ZEROES);
        writer.commit();
    }

    @Override
    public void close() {
        ingest.close(Duration.ZERO);
        frames.close();
        blocks.close();
        store.close();
    }
}
