// SPDX-License-Identifier: Apache-2.0
package mimir.swap.gate;

import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.hooks.resolver.ResolverHook;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;

/**
 * Behind the gate: nobody can keep a framework from installing or updating a bundle, but what the gate does not let in
 * does not resolve, so that none of its code runs. What is installed when this begins came with the launcher, whose
 * duty it was. Thread-safe; called on the threads of those who install and resolve.
 */
final class Fence implements ResolverHookFactory, ResolverHook, SynchronousBundleListener, AutoCloseable {
    private final BundleContext context;
    private final Consumer<Bundle> inspection;
    private final Consumer<String> warn;
    private final Set<Long> admitted;
    private final Set<Thread> letIn = ConcurrentHashMap.newKeySet();
    private final ServiceRegistration<?> registration;

    /**
     * From now on.
     *
     * @param inspection throws with a sentence when a bundle that came another way may not run
     * @param warn told of each bundle that will not run
     */
    Fence(BundleContext context, Consumer<Bundle> inspection, Consumer<String> warn) {
        this.context = context;
        this.inspection = inspection;
        this.warn = warn;
        context.addBundleListener(this);
        admitted = Arrays.stream(context.getBundles()).map(Bundle::getBundleId)
                .collect(Collectors.toCollection(ConcurrentHashMap::newKeySet));
        registration = context.registerService(ResolverHookFactory.class, this, null);
    }

    /** Installs what the gate has verified. */
    Bundle install(String location, Verified part) throws BundleException {
        letIn.add(Thread.currentThread());
        try {
            return context.installBundle(location, part.stream());
        } finally {
            letIn.remove(Thread.currentThread());
        }
    }

    /** Gives a bundle the bytes that the gate has verified. */
    void update(Bundle bundle, Verified part) throws BundleException {
        letIn.add(Thread.currentThread());
        try {
            bundle.update(part.stream());
        } finally {
            letIn.remove(Thread.currentThread());
        }
    }

    /** False for a bundle whose bytes came in another way. */
    boolean hasAdmitted(Bundle bundle) {
        return admitted.contains(bundle.getBundleId());
    }

    /** Told by the thread that installs or updates, before anybody can resolve it. */
    @Override
    public void bundleChanged(BundleEvent event) {
        int type = event.getType();
        if (type == BundleEvent.UNINSTALLED) {
            admitted.remove(event.getBundle().getBundleId());
        } else if (type == BundleEvent.INSTALLED || type == BundleEvent.UPDATED) {
            judge(event.getBundle());
        }
    }

    private void judge(Bundle bundle) {
        admitted.remove(bundle.getBundleId());
        try {
            if (!letIn.contains(Thread.currentThread())) {
                inspection.accept(bundle);
            }
            admitted.add(bundle.getBundleId());
        } catch (IllegalArgumentException | IllegalStateException refused) {
            warn.accept(bundle.getSymbolicName() + " will not run: " + refused.getMessage());
        }
    }

    @Override
    public ResolverHook begin(Collection<BundleRevision> triggers) {
        return this;
    }

    @Override
    public void filterResolvable(Collection<BundleRevision> candidates) {
        candidates.removeIf(revision -> !hasAdmitted(revision.getBundle()));
    }

    @Override
    public void filterSingletonCollisions(BundleCapability singleton, Collection<BundleCapability> candidates) {
        // nothing to say here, and an empty method is what the specification asks for then
    }

    @Override
    public void filterMatches(BundleRequirement requirement, Collection<BundleCapability> candidates) {
        candidates.removeIf(capability -> !hasAdmitted(capability.getRevision().getBundle()));
    }

    @Override
    public void end() {
        // it holds nothing that belongs to one resolve
    }

    @Override
    public void close() {
        registration.unregister();
        context.removeBundleListener(this);
    }
}
