// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import mimir.api.BadInputException;
import mimir.api.source.DeviceFault;
import mimir.api.swap.Swapped;
import mimir.api.swap.Swapped.Gap;
import mimir.api.swap.Swapped.Outcome;
import mimir.api.swap.Swapper;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.log.Logger;
import org.osgi.service.log.LoggerFactory;

/** Swaps drivers, one at a time; when the new bytes do not run, the old ones are put back. Thread-safe. */
@Component
public final class DriverSwapper implements Swapper {
    private static final int MOST_REMEMBERED = 1000;

    private final BundleContext context;
    private final Logger log;
    private final ReentrantLock oneAtATime = new ReentrantLock();
    private final Map<String, DeviceFault> faults = new ConcurrentHashMap<>();
    private final Map<String, byte[]> running = new HashMap<>(); // bytes of swapped parts; guarded by oneAtATime
    private final List<Swapped> history = new ArrayList<>();     // guarded by history

    /** In the framework of this bundle. */
    @Activate
    public DriverSwapper(BundleContext context, @Reference(service = LoggerFactory.class) Logger log) {
        this.context = context;
        this.log = log;
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addFault(DeviceFault fault) {
        faults.put(fault.id(), fault);
    }

    void removeFault(DeviceFault fault) {
        faults.remove(fault.id(), fault);
    }

    @Override
    public Swapped swap(String name, List<Path> files) {
        if (!oneAtATime.tryLock()) {
            throw new IllegalStateException("another swap is going on; try again when it is over");
        }
        try {
            var driver = driver(name);
            var fresh = files.isEmpty() ? sameAgain(driver) : SwapFiles.read(driver, files);
            var swapped = swap(driver, fresh);
            remember(swapped);
            return swapped;
        } finally {
            oneAtATime.unlock();
        }
    }

    private DriverBundle driver(String name) {
        return DriverBundle.find(context, name).orElseThrow(() -> new BadInputException("there is no driver '" + name
                + "'; drivers are " + String.join(", ", names())));
    }

    private Map<String, byte[]> sameAgain(DriverBundle driver) {
        var bytes = new HashMap<String, byte[]>();
        driver.parts().forEach((part, bundle) -> bytes.put(part, runningBytes(part, driver)));
        return bytes;
    }

    private byte[] runningBytes(String part, DriverBundle driver) {
        var known = running.get(part);
        return known != null ? known : SwapFiles.ofLocation(driver.parts().get(part));
    }

    private Swapped swap(DriverBundle driver, Map<String, byte[]> fresh) {
        var replacement = new Replacement(context, driver);
        var closure = replacement.closure();
        if (!replacement.isSelfContained()) {
            return failed(driver, Outcome.REFUSED, "a refresh would also restart other bundles: "
                    + String.join(", ", closure), closure);
        }
        var former = new HashMap<String, byte[]>();
        fresh.keySet().forEach(part -> former.put(part, runningBytes(part, driver)));
        var rings = driver.rings(context);
        try {
            replacement.stop();
            try (var confirmation = new Confirmation(rings)) {
                return exchange(driver, replacement, confirmation, fresh, former, closure);
            }
        } catch (BundleException refused) {
            return failed(driver, Outcome.FAILED, "the driver could not be stopped: " + refused.getMessage(), closure);
        }
    }

    private Swapped exchange(DriverBundle driver, Replacement replacement, Confirmation confirmation, Map<String,
            byte[]> fresh,
            Map<String, byte[]> former, List<String> closure) {
        var name = driver.host().getSymbolicName();
        try {
            var gaps = run(replacement, confirmation, fresh);
            running.putAll(fresh);
            return new Swapped(name, Outcome.SWAPPED, longest(gaps), null, closure, gaps);
        } catch (BundleException | IllegalStateException failure) {
            log.warn("the new {} does not run ({}); the former one is put back", name, failure.getMessage());
            return putBack(driver, replacement, confirmation, former, closure, failure.getMessage());
        }
    }

    private Swapped putBack(DriverBundle driver, Replacement replacement, Confirmation confirmation, Map<String,
            byte[]> former,
            List<String> closure, String why) {
        try {
            replacement.stop();
            var gaps = run(replacement, confirmation, former);
            return new Swapped(driver.host().getSymbolicName(), Outcome.ROLLED_BACK, longest(gaps),
                    "the new driver did not run: " + why,
                    closure, gaps);
        } catch (BundleException | IllegalStateException twice) {
            return failed(driver, Outcome.FAILED, "neither the new nor the former driver runs: " + why + "; "
                    + twice.getMessage(), closure);
        }
    }

    private List<Gap> run(Replacement replacement, Confirmation confirmation, Map<String,
            byte[]> bytes) throws BundleException {
        try {
            replacement.apply(bytes);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the platform stops", stopping);
        }
        return confirmation.await(id -> faults.containsKey(id) ? faults.get(id).sentence() : null);
    }

    private static long longest(List<Gap> gaps) {
        return gaps.stream().mapToLong(Gap::gapNs).max().orElse(-1);
    }

    private static Swapped failed(DriverBundle driver, Outcome outcome, String reason, List<String> closure) {
        return new Swapped(driver.host().getSymbolicName(), outcome, -1, reason, closure, List.of());
    }

    private void remember(Swapped swapped) {
        synchronized (history) {
            if (history.size() == MOST_REMEMBERED) {
                history.removeFirst();
            }
            history.add(swapped);
        }
    }

    @Override
    public List<String> sourcesOf(String name) {
        return List.copyOf(driver(name).rings(context).keySet());
    }

    @Override
    public List<String> names() {
        return DriverBundle.names(context);
    }

    @Override
    public List<Swapped> history() {
        synchronized (history) {
            return List.copyOf(history);
        }
    }
}
