// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import java.util.concurrent.atomic.AtomicBoolean;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;

/**
 * Does something at the moment at which a bundle has stopped, before whoever stopped it goes on; once. Thread-safe;
 * called on the thread that stops.
 */
final class OnceStopped implements AutoCloseable {
    private final BundleContext context;
    private final SynchronousBundleListener listener;

    OnceStopped(BundleContext context, String name, Runnable action) {
        var done = new AtomicBoolean();
        this.context = context;
        this.listener = event -> {
            if (event.getType() == BundleEvent.STOPPED && name.equals(event.getBundle().getSymbolicName())
                    && done.compareAndSet(false, true)) {
                action.run();
            }
        };
        context.addBundleListener(listener);
    }

    @Override
    public void close() {
        context.removeBundleListener(listener);
    }
}
