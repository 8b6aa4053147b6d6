// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mimir.swap.gate.Verified;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * The framework's part of a swap: update the parts of a stopped driver, refresh, start. Confined to the thread that
 * swaps.
 */
final class Replacement {
    private final Means means;
    private final Patience patience;
    private Swappable driver;
    private boolean startHangs;

    Replacement(Means means, Swappable driver, Patience patience) {
        this.means = means;
        this.driver = driver;
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

    /** The driver as it is installed now. */
    Swappable driver() {
        return driver;
    }

    /**
     * Looks whether the files that were given still hold what was verified. Not for ever: a file system that hangs must
     * not hold up what a driver waits for.
     *
     * @throws BundleException when one does not; the message is a sentence that names it
     */
    void checkFiles(Map<String, Verified> given) throws BundleException, InterruptedException {
        var files = given.values().stream().filter(Verified::hasFile).toList();
        if (files.isEmpty()) {
            return;
        }
        var look = new Aside(means.workers(), () -> files.forEach(Verified::checkFile));
        if (!look.isBack(patience.refresh())) {
            look.abandon();
            throw new BundleException("the files that were given could not be read again within "
                    + new Deadline(patience.refresh()) + "; copy them to a disk of this machine and give them again");
        }
        look.result();
    }

    /**
     * Updates the fragments of the driver that runs: a host keeps what is attached to it until the refresh. What can be
     * done before the stop is not in the gap.
     */
    void prepare(Map<String, Verified> bytes) throws BundleException {
        update(bytes, false);
    }

    /** Stops the driver that runs. One that never comes back from its own code is left alone. */
    void stop() throws BundleException, InterruptedException {
        awaitStop(new Aside(means.workers(), this::stopHost));
    }

    /** It shall run again at once: the framework need not write down that it does not. */
    private void stopHost() throws BundleException {
        driver.host().stop(Bundle.STOP_TRANSIENT);
    }

    private void startHost() throws BundleException {
        var host = driver.host();
        host.start(host.adapt(BundleStartLevel.class).isPersistentlyStarted() ? Bundle.START_TRANSIENT : 0);
    }

    /** Stops a driver that did not run; what it still waits for then is interrupted when its time is over. */
    void giveUp() throws BundleException, InterruptedException {
        var stop = new Aside(means.workers(), this::stopHost);
        if (stop.isBack(patience.giveUp()) || stop.isBackInterrupted(patience.giveUp())) {
            stop.result();
        } else {
            awaitStop(stop);
        }
    }

    private void awaitStop(Aside stop) throws BundleException, InterruptedException {
        if (!stop.isBack(patience.stop())) {
            stop.abandon();
            throw new BundleException("it did not stop within " + new Deadline(patience.stop())
                    + " and is still at it");
        }
        stop.result();
    }

    /** Updates what is left of the stopped driver, and makes the framework run all of it. */
    void exchange(Map<String, Verified> bytes) throws BundleException, InterruptedException {
        update(bytes, true);
        refresh();
    }

    private void update(Map<String, Verified> bytes, boolean host) throws BundleException {
        for (var part : driver.parts().entrySet()) {
            var given = bytes.get(part.getKey());
            if (given != null && part.getValue() == driver.host() == host) {
                means.gate().update(part.getValue(), given);
            }
        }
    }

    /**
     * The stopped driver with these bytes again. A start that never came back goes on to hold what belongs to its
     * bundle, so that a new one takes its place.
     *
     * @param bytes of all parts
     */
    void putBack(Map<String, Verified> bytes) throws BundleException, InterruptedException {
        if (startHangs) {
            var former = driver.host();
            former.uninstall();
            refresh();
            driver = new Swappable(means.gate().install(former.getLocation(), bytes.get(driver.name())),
                    driver.fragments());
            startHangs = false;
        }
        prepare(bytes);
        exchange(bytes);
    }

    /** Starts the driver; a start that hangs is interrupted, and may leave its thread behind. */
    void start() throws BundleException, InterruptedException {
        var start = new Aside(means.workers(), this::startHost);
        if (start.isBack(patience.start())) {
            start.result();
            return;
        }
        var sentence = "its start did not come back within " + new Deadline(patience.start());
        startHangs = !start.isBackInterrupted(patience.giveUp());
        start.abandon();
        throw new BundleException(startHangs ? sentence + " and goes on although it was interrupted,"
                + " so restart the platform before it gets other devices" : sentence);
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
        return means.context().getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(FrameworkWiring.class);
    }
}
