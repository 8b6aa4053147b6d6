// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import java.io.ByteArrayInputStream;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * The framework's part of a swap: update the parts of a stopped driver, refresh, start. Confined to the thread that
 * swaps.
 */
final class Replacement {
    private static final long REFRESH_S = 10;

    private final BundleContext context;
    private final DriverBundle driver;

    Replacement(BundleContext context, DriverBundle driver) {
        this.context = context;
        this.driver = driver;
    }

    /** Symbolic names of all that a refresh of this driver drags along. */
    List<String> closure() {
        var closure = wiring().getDependencyClosure(driver.parts().values());
        return closure.stream().map(Bundle::getSymbolicName).sorted().toList();
    }

    /** True when a refresh touches the driver and its fragments and nothing else. */
    boolean isSelfContained() {
        var parts = driver.parts().values();
        Collection<Bundle> closure = wiring().getDependencyClosure(parts);
        return parts.containsAll(closure);
    }

    void stop() throws BundleException {
        driver.host().stop();
    }

    /** Updates the stopped driver, refreshes it once, and starts it. */
    void apply(Map<String, byte[]> bytes) throws BundleException, InterruptedException {
        var parts = driver.parts();
        for (var part : bytes.entrySet()) {
            parts.get(part.getKey()).update(new ByteArrayInputStream(part.getValue()));
        }
        refresh();
        driver.host().start();
    }

    private void refresh() throws BundleException, InterruptedException {
        var done = new CountDownLatch(1);
        wiring().refreshBundles(driver.parts().values(), event -> {
            if (event.getType() == FrameworkEvent.PACKAGES_REFRESHED) {
                done.countDown();
            }
        });
        if (!done.await(REFRESH_S, TimeUnit.SECONDS)) {
            throw new BundleException("the framework did not refresh " + driver.host().getSymbolicName() + " within "
                    + REFRESH_S + " s");
        }
    }

    private FrameworkWiring wiring() {
        return context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
    }
}
