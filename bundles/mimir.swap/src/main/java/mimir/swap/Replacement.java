// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import mimir.api.work.WorkClass;
import mimir.api.work.Workers;
import mimir.swap.gate.Gate;
import mimir.swap.gate.Verified;
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
    private static final Duration JOIN = Duration.ofSeconds(1);

    private final BundleContext context;
    private final Gate gate;
    private final Swappable driver;
    private final Workers workers;
    private final Patience patience;

    Replacement(BundleContext context, Gate gate, Swappable driver, Workers workers, Patience patience) {
        this.context = context;
        this.gate = gate;
        this.driver = driver;
        this.workers = workers;
        this.patience = patience;
    }

    /** Symbolic names of all that a refresh of this driver drags along. */
    List<String> closure() {
        return refreshed().stream().map(Bundle::getSymbolicName).sorted().toList();
    }

    /** True when a refresh touches the driver and its fragments and nothing else. */
    boolean isSelfContained() {
        return driver.parts().values().containsAll(refreshed());
    }

    /** A bundle that was uninstalled and not refreshed since still counts for the framework; it restarts nothing. */
    private List<Bundle> refreshed() {
        var closure = wiring().getDependencyClosure(driver.parts().values());
        return closure.stream().filter(bundle -> bundle.getState() != Bundle.UNINSTALLED).toList();
    }

    /**
     * Stops the driver on a thread of its own: one that never comes back from its own code must not keep the one who
     * swaps.
     */
    void stop() throws BundleException, InterruptedException {
        var stopped = new CompletableFuture<Void>();
        var worker = workers.start("swap", WorkClass.NORMAL, false, self -> {
            try {
                driver.host().stop();
                stopped.complete(null);
            } catch (BundleException | RuntimeException failure) {
                stopped.completeExceptionally(failure);
            }
        });
        try {
            stopped.get(patience.stop().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException hangs) {
            throw new BundleException("it did not stop within " + patience.stop().toSeconds()
                    + " s and is still at it", hangs);
        } catch (ExecutionException failure) {
            throw new BundleException(failure.getCause().getMessage(), failure.getCause());
        }
        worker.stop(JOIN);
    }

    /** Updates the stopped driver, refreshes it once, and starts it. */
    void apply(Map<String, Verified> bytes) throws BundleException, InterruptedException {
        var parts = driver.parts();
        for (var part : bytes.entrySet()) {
            gate.update(parts.get(part.getKey()), part.getValue());
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
        if (!done.await(patience.refresh().toNanos(), TimeUnit.NANOSECONDS)) {
            throw new BundleException("the framework did not refresh it within " + patience.refresh().toSeconds()
                    + " s");
        }
    }

    private FrameworkWiring wiring() {
        return context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
    }
}
