// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import java.util.List;
import java.util.Map;
import mimir.api.work.Worker;
import mimir.ring.Abi;
import mimir.ring.HostClock;
import mimir.ring.RingFormat;
import mimir.ring.RingOwner;
import mimir.ring.RingSpec;
import mimir.ring.RingStore;

/**
 * Runs the ingest on private rings before any source is taken in: code that the JVM has not compiled yet allocates at
 * every access to foreign memory, and that must not happen per item of a real source. Confined to the ingest thread.
 */
final class Warmup {
    private static final int ITEMS = 30_000;
    private static final int PAYLOAD = 2048;
    private static final long BUDGET = 16L << 20;

    private Warmup() {
    }

    static void run(Worker self) {
        var ingest = new Ingest(BUDGET);
        try (var store = new RingStore(Map.of()); var frames = open(store, "warm-up.frames", Abi.ITEM_FRAME);
                var blocks = open(store, "warm-up.blocks", Abi.ITEM_AUDIO)) {
            ingest.log().populate(BUDGET);
            ingest.add(frames.ring());
            ingest.add(blocks.ring());
            for (int item = 0; item < ITEMS && !self.stopping(); item++) {
                publish(frames, item);
                publish(blocks, item);
                ingest.pass();
            }
        } finally {
            ingest.closeReaders();
            ingest.log().close();
        }
    }

    private static RingOwner open(RingStore store, String identity, int kind) {
        var format = new RingFormat(1, 0, 64, 32, 60, 1, List.of(0L), List.of(64), PAYLOAD, 0);
        return store.open(new RingSpec(identity, kind, 60, PAYLOAD, format, RingSpec.Writer.JAVA), "mimir.reservoir");
    }

    private static void publish(RingOwner owner, int item) {
        var writer = owner.writer();
        writer.claim();
        writer.descriptor().sequence(item).hostTimeNs(HostClock.nowNs()).shape(owner.formatId(), 64, 32,
                PAYLOAD).crc32c(0);
        writer.commit();
    }
}
