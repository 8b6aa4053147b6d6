// SPDX-License-Identifier: Apache-2.0
package mimir.ring;

import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;

/**
 * The {@link Rings} of one bundle. When the bundle goes and left rings open, a writer of it may still run: these rings
 * are parked, never freed. Thread-safe.
 */
@Component(scope = ServiceScope.BUNDLE)
public final class BundleRings implements Rings {
    private final RingStore store;
    private final Queue<RingOwner> owners = new ConcurrentLinkedQueue<>();

    /** Over the store of this process. */
    @Activate
    public BundleRings(@Reference RingStore store) {
        this.store = store;
    }

    @Override
    public RingOwner open(RingSpec spec, String owner) {
        owners.removeIf(RingOwner::ended);
        var opened = store.open(spec, owner);
        owners.add(opened);
        return opened;
    }

    @Override
    public boolean free(String identity) {
        owners.removeIf(RingOwner::ended);
        return store.free(identity);
    }

    @Override
    public Optional<Ring> find(String identity) {
        return store.find(identity);
    }

    @Override
    public List<Ring> list() {
        return store.list();
    }

    @Override
    public Optional<String> discoveryFault() {
        return store.discoveryFault();
    }

    /** The bundle is gone: what it did not close is parked. */
    @Deactivate
    public void close() {
        owners.forEach(RingOwner::park);
        owners.clear();
    }
}
