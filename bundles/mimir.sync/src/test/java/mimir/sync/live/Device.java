// SPDX-License-Identifier: Apache-2.0
package mimir.sync.live;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import mimir.api.source.AudioSource;
import mimir.ring.Abi;
import mimir.ring.Descriptor;
import mimir.ring.Ring;
import mimir.ring.RingFormat;
import mimir.ring.RingOwner;
import mimir.ring.RingSpec;
import mimir.ring.RingStore;

/**
 * A microphone of 750 blocks a second whose times are made up, the same in each run: 30 ppm slow, seen 20 us and more
 * after the end of a block. Confined to the thread of a test.
 */
final class Device implements AudioSource, AutoCloseable {
    static final long BLOCK = 64;
    static final double PERIOD_NS = 64e9 / 48_000;
    static final long DELAY_NS = 1_350_000;
    static final double SLOW = 1 + 30e-6;
    private static final RingFormat FORMAT = new RingFormat(257, 0, 1, 64, 48_000, 1, List.of(0L), List.of(256), 256,
            0);

    private final RingStore store = new RingStore(Map.of());
    private final RingOwner owner;
    private final String id;
    private final SplittableRandom random = new SplittableRandom(7);
    private int clock = Descriptor.CLOCK_COUNTER;
    private long sequence;
    private long first;
    private long skippedNs;

    Device(String id) {
        this.id = id;
        owner = store.open(new RingSpec(id, Abi.ITEM_AUDIO, 750, 256, FORMAT, RingSpec.Writer.JAVA), "test");
    }

    /** It tells no time any more. */
    Device silent() {
        clock = Descriptor.CLOCK_NONE;
        return this;
    }

    /** A new epoch; its count begins anew. */
    void begin() {
        owner.writer().nextEpoch();
        first = sequence;
    }

    /** Its clock loses so much. */
    void lose(long ns) {
        skippedNs += ns;
    }

    static long trueNs(long item) {
        return 5_000_000_000L + Math.round(item * PERIOD_NS * SLOW);
    }

    /** Publishes blocks; what they carry is not looked at. */
    void publish(int blocks) {
        for (int i = 0; i < blocks; i++) {
            var writer = owner.writer();
            writer.claim();
            long count = (sequence - first) * BLOCK - Math.round(skippedNs * 48e-6);
            long hostNs = trueNs(sequence) + DELAY_NS + (long) (-Math.log(random.nextDouble()) * 40_000);
            writer.descriptor().sequence(sequence - first).deviceTime(clock, count).hostTimeNs(hostNs)
                    .shape(1, 1, 64, 256);
            writer.commit();
            sequence++;
        }
    }

    long sequence() {
        return sequence;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String device() {
        return "made up";
    }

    @Override
    public String driver() {
        return "test";
    }

    @Override
    public Ring ring() {
        return owner.ring();
    }

    @Override
    public RingFormat format() {
        return FORMAT;
    }

    @Override
    public void close() {
        owner.close();
        store.close();
    }
}
