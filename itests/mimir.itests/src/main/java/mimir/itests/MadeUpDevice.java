// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import java.util.Dictionary;
import java.util.List;
import java.util.SplittableRandom;
import mimir.api.source.AudioSource;
import mimir.api.source.DeviceIdentity;
import mimir.api.source.Source;
import mimir.api.source.SourceProperties;
import mimir.api.time.TruthSource;
import mimir.ring.Abi;
import mimir.ring.Descriptor;
import mimir.ring.HostClock;
import mimir.ring.Ring;
import mimir.ring.RingFormat;
import mimir.ring.RingOwner;
import mimir.ring.RingSpec;
import mimir.ring.Rings;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/**
 * A microphone of 750 blocks a second whose times are made up: every one sends the same. Confined to the thread of a
 * test.
 */
final class MadeUpDevice implements AudioSource, AutoCloseable {
    private static final double SLOW = 1 + 30e-6;
    private static final int FRAMES = 64;
    private static final int BYTES = FRAMES * Float.BYTES;
    private static final RingFormat FORMAT = new RingFormat(257, 0, 1, FRAMES, 48_000, 1, List.of(0L), List.of(BYTES),
            BYTES, 0);
    private static final long BEGAN_NS = HostClock.nowNs() - 60_000_000_000L;

    private final String id;
    private final RingOwner owner;
    private final SplittableRandom random = new SplittableRandom(7);
    private long sequence;

    MadeUpDevice(Rings rings, String id) {
        this.id = id;
        owner = rings.open(new RingSpec(id, Abi.ITEM_AUDIO, 750, BYTES, FORMAT, RingSpec.Writer.JAVA), "mimir.itests");
    }

    private static long trueNs(long item) {
        return BEGAN_NS + Math.round(item * (FRAMES * 1e9 / 48_000) * SLOW);
    }

    /** What nobody but a comparator may ask. */
    TruthSource truth() {
        return new TruthSource() {
            @Override
            public String id() {
                return id;
            }

            @Override
            public long trueNs(int epoch, long item) {
                return MadeUpDevice.trueNs(item);
            }
        };
    }

    Dictionary<String, Object> properties() {
        return DeviceIdentity.NONE.properties(id, driver());
    }

    ServiceRegistration<?> register(BundleContext context) {
        return context.registerService(new String[] {Source.class.getName(), AudioSource.class.getName()}, this,
                SourceProperties.of(this));
    }

    /** Publishes blocks; what they hold is what was there. */
    void publish(int blocks) {
        var writer = owner.writer();
        for (int i = 0; i < blocks; i++) {
            writer.claim();
            long hostNs = trueNs(sequence) + 1_350_000 + (long) (-Math.log(random.nextDouble()) * 40_000);
            writer.descriptor().sequence(sequence).deviceTime(Descriptor.CLOCK_COUNTER, sequence * FRAMES)
                    .hostTimeNs(hostNs).shape(owner.formatId(), 1, FRAMES, BYTES);
            writer.commit();
            sequence++;
        }
    }

    /** Whether a reader has had all that was published. */
    boolean isRead(String reader) {
        return ring().stats().readers().stream().anyMatch(one -> one.name().equals(reader) && one.pending() == 0);
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
        return "mimir.itests";
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
    }
}
