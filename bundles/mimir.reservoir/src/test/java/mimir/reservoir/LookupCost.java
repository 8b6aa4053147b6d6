// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import mimir.ring.Abi;
import mimir.ring.Descriptor;
import mimir.ring.RingFormat;
import mimir.ring.RingOwner;
import mimir.ring.RingSpec;
import mimir.ring.RingStore;

/**
 * What it costs to find the item of a source by its time, at full depth: {@code main} takes GiB of budget and bytes of
 * payload per item, fills the log until it has gone round, and prints ns per lookup. One source in a thousand items is
 * rare, one in ten is a camera, the others are blocks of sound.
 */
final class LookupCost {
    private static final String[] NAMES = {"blocks", "frames", "rare"};
    private static final int PERIOD_NS = 300_000;
    private static final int LOOKUPS = 200_000;

    private LookupCost() {
    }

    /** Needs the budget as memory. */
    public static void main(String[] arguments) {
        long budget = Long.parseLong(arguments[0]) << 30;
        int bytes = Integer.parseInt(arguments[1]);
        var ingest = new Ingest(budget);
        try (var store = RingStore.unseen()) {
            for (var name : NAMES) {
                try (var owner = ring(store, name)) {
                    ingest.add(owner.ring());
                }
            }
            var log = ingest.log();
            while (log.populate(64 << 20)) {
                Thread.onSpinWait();
            }
            long items = fill(ingest, bytes);
            System.out.printf("%d GiB, %d entries, %d of %d items in%n", budget >> 30, log.index.entries,
                    log.end() - log.first(), items);
            for (int round = 0; round < 3; round++) {
                for (int source = 0; source < NAMES.length; source++) {
                    measure(ingest, source, round);
                }
            }
        }
        ingest.close(Duration.ofSeconds(1));
    }

    private static RingOwner ring(RingStore store, String name) {
        var format = new RingFormat(1, 0, 8, 8, 60, 1, List.of(0L), List.of(8), 64, 0);
        return store.open(new RingSpec(name, Abi.ITEM_FRAME, 60, 64, format, RingSpec.Writer.JAVA), "test");
    }

    private static long fill(Ingest ingest, int bytes) {
        var log = ingest.log();
        var descriptor = new Descriptor();
        var random = new Random(0);
        long timeNs = 0;
        long items = 0;
        for (; log.first() < 1_000_000 || items < 2_000_000; items++) {
            int source = items % 1_000 == 0 ? 2 : items % 10 == 1 ? 1 : 0;
            var track = ingest.tracks()[source];
            track.formatNumber(new RingFormat(1, 0, 8, 8, 60, 1, List.of(0L), List.of(8), 64, 0));
            long place = log.reserve(bytes);
            timeNs += random.nextInt(2 * PERIOD_NS); // nothing comes evenly
            descriptor.sequence(items).hostTimeNs(timeNs).copyTo(log.memory(), place);
            log.records.write(place, bytes, 0, Records.LOG);
            log.commit(place, track, track.takeIn(bytes, false), timeNs);
        }
        return items;
    }

    private static void measure(Ingest ingest, int source, int round) {
        var log = ingest.log();
        var random = new Random(round);
        var cursor = new LogCursor(log, ingest.tracks()[source], Long.MIN_VALUE, Long.MAX_VALUE);
        long from = log.index.key(log.first());
        long to = log.index.key(log.end() - 1);
        var took = new long[LOOKUPS];
        long sum = 0;
        for (int i = 0; i < LOOKUPS; i++) {
            long at = random.nextLong(from, to);
            long began = System.nanoTime();
            cursor.nearest(at);
            took[i] = System.nanoTime() - began;
            sum += cursor.descriptor().sequence();
        }
        Arrays.sort(took);
        System.out.printf("round %d %-6s p50 %d ns, p99 %d ns, p99.9 %d ns (%d)%n", round, NAMES[source],
                took[LOOKUPS / 2], took[LOOKUPS / 100 * 99], took[LOOKUPS / 1000 * 999], sum & 1);
    }
}
