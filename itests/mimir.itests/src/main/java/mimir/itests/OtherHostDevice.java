// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import java.util.Dictionary;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
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
 * A microphone of 375 blocks a second whose helper reads a clock of its own: that began long ago, and is 40 ppm slow.
 * Its thread writes until it is closed.
 */
final class OtherHostDevice implements AudioSource, TruthSource, AutoCloseable {
    static final double HOST_RATE = 1 - 40e-6;    // ns of its host in one of ours
    static final double DEVICE_RATE = 1 + 25e-6;  // of ours in a nominal one of the device
    static final long CLOCK = HostClock.id(HostClock.QPC, "itest");
    private static final long BEGAN_NS = 1L << 58;
    private static final int FRAMES = 128;
    private static final int BYTES = FRAMES * Float.BYTES;
    private static final RingFormat FORMAT = new RingFormat(257, 0, 1, FRAMES, 48_000, 1, List.of(0L), List.of(BYTES),
            BYTES, 0);

    private final String id;
    private final RingOwner owner;
    private final long startNs = HostClock.nowNs();
    private final Thread helper = new Thread(this::write, "itest-helper");
    private volatile boolean stopping;

    OtherHostDevice(Rings rings, String id) {
        this.id = id;
        owner = rings.open(new RingSpec(id, Abi.ITEM_AUDIO, 375, BYTES, FORMAT, RingSpec.Writer.JAVA)
                .onHostClock(CLOCK), "mimir.itests");
    }

    List<ServiceRegistration<?>> start(BundleContext context) {
        Dictionary<String, Object> named = DeviceIdentity.NONE.properties(id, driver());
        helper.start();
        return List.of(context.registerService(TruthSource.class, this, named),
                context.registerService(new String[] {Source.class.getName(), AudioSource.class.getName()}, this,
                        SourceProperties.of(this)));
    }

    /** What its host's clock shows at an instant of ours. */
    private static long otherNs(long hereNs) {
        return BEGAN_NS + Math.round(hereNs * HOST_RATE);
    }

    private void write() {
        for (long n = 0; !stopping; n++) {
            // a block is there when it has ended, and stamped so, whenever this thread is let run
            long due = trueNs(1, n + 1) + n * 7_919 % 200 * 1_000;
            for (long now = HostClock.nowNs(); now < due; now = HostClock.nowNs()) {
                LockSupport.parkNanos(due - now);
            }
            var writer = owner.writer();
            writer.claim();
            writer.descriptor().sequence(n).deviceTime(Descriptor.CLOCK_COUNTER, n * FRAMES)
                    .hostTimeNs(otherNs(due)).shape(owner.formatId(), 1, FRAMES, BYTES);
            writer.commit();
        }
    }

    @Override
    public long trueNs(int epoch, long item) {
        return startNs + Math.round(item * (FRAMES * 1e9 / 48_000) * DEVICE_RATE);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String device() {
        return "a helper's";
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
        stopping = true;
        try {
            helper.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        owner.close();
    }
}
