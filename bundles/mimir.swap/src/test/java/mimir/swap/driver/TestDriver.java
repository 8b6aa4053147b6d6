// SPDX-License-Identifier: Apache-2.0
package mimir.swap.driver;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import mimir.api.source.DeviceFault;
import mimir.api.source.FrameSource;
import mimir.api.source.Source;
import mimir.ring.Abi;
import mimir.ring.HostClock;
import mimir.ring.Ring;
import mimir.ring.RingFormat;
import mimir.ring.RingOwner;
import mimir.ring.RingSpec;
import mimir.ring.RingStore;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/**
 * A driver of sources that give three items each at start. What it does wrong stands in its manifest. Confined to the
 * framework's start and stop.
 */
public final class TestDriver implements BundleActivator {
    private static final RingFormat FORMAT = new RingFormat(1, 0, 8, 8, 60, 1, List.of(0L), List.of(8), 64, 0);

    private static final long AWAY_NS = 10_000_000_000L;

    private final List<RingOwner> owners = new ArrayList<>();

    @Override
    public void start(BundleContext context) {
        var faults = context.getBundle().getHeaders();
        if (faults.get("Test-Hangs") != null) {
            ((Semaphore) System.getProperties().get(faults.get("Test-Hangs"))).acquireUninterruptibly();
        }
        if (faults.get("Test-Throws") != null) {
            throw new IllegalStateException(faults.get("Test-Throws"));
        }
        var store = context.getService(context.getServiceReference(RingStore.class));
        for (var id : faults.get("Test-Sources").split(",")) {
            if (id.equals(faults.get("Test-Fault"))) {
                context.registerService(DeviceFault.class, new Fault(id), null);
            } else {
                long agoNs = id.equals(faults.get("Test-Away")) ? AWAY_NS : 0;
                run(context, store, id, !id.equals(faults.get("Test-Silent")), agoNs);
            }
        }
    }

    private void run(BundleContext context, RingStore store, String id, boolean publishes, long agoNs) {
        var owner = store.open(new RingSpec(id, Abi.ITEM_FRAME, 60, 64, FORMAT, RingSpec.Writer.JAVA), "test");
        owners.add(owner);
        for (int item = 0; publishes && item < 3; item++) {
            var writer = owner.writer();
            writer.claim();
            writer.descriptor().sequence(item).hostTimeNs(HostClock.nowNs() - agoNs).shape(1, 8, 8, 64);
            writer.commit();
        }
        context.registerService(new String[] {Source.class.getName(), FrameSource.class.getName()},
                new TestSource(id, owner.ring()), null);
    }

    @Override
    public void stop(BundleContext context) {
        owners.forEach(RingOwner::close);
        owners.clear();
    }

    private record TestSource(String id, Ring ring) implements FrameSource {
        @Override
        public String device() {
            return "test";
        }

        @Override
        public String driver() {
            return "test";
        }

        @Override
        public RingFormat format() {
            return FORMAT;
        }
    }

    private record Fault(String id) implements DeviceFault {
        @Override
        public String driver() {
            return "test";
        }

        @Override
        public String sentence() {
            return "the device is not plugged in; plug it in";
        }
    }
}
