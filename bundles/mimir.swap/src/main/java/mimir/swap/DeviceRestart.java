// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import mimir.api.BadInputException;
import mimir.api.source.DeviceFault;
import mimir.api.source.Source;
import mimir.api.swap.Swapped;
import mimir.api.swap.Swapped.Outcome;
import org.osgi.framework.BundleException;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * One device, stopped and started by its configuration: the same values again make its component anew and no other.
 * Confined to the thread that swaps.
 */
final class DeviceRestart {
    private static final String ID = "id";
    private static final long LOOK_NS = 1_000_000;

    private final Means means;
    private final Patience patience;
    private final Function<String, DeviceFault> faults;

    /** {@code faults} tells why a source cannot run now, or null. */
    DeviceRestart(Means means, Patience patience, Function<String, DeviceFault> faults) {
        this.means = means;
        this.patience = patience;
        this.faults = faults;
    }

    /** Does it. */
    Swapped run(String source) {
        var device = device(source);
        var driver = Swappable.find(means.context(), device.getFactoryPid());
        var before = driver.sources(means.context()).get(source);
        var fault = faults.apply(source);
        var formers = before == null ? List.<Confirmation.Former>of()
                : Confirmation.Former.of(Map.of(source, before.ring()));
        try (var confirmation = Confirmation.ofRunning(formers, patience)) {
            var update = new Aside(means.workers(), () -> device.update(device.getProperties()));
            awaitGone(driver, source, before, fault);
            var gaps = confirmation.await(id -> sentence(id, fault), id -> false, () -> back(driver, source, before));
            if (!update.isBack(patience.start())) {
                update.abandon();
                throw new IllegalStateException("its configuration is still being written");
            }
            update.result();
            return new Swapped(driver.name(), Outcome.SWAPPED, gaps.stream().mapToLong(Swapped.Gap::gapNs).max()
                    .orElse(-1), null, List.of(), gaps, List.of());
        } catch (BundleException | InterruptedException | RuntimeException failure) {
            return new Swapped(driver.name(), Outcome.FAILED, -1, source + " could not be restarted: "
                    + Transaction.sentence(failure), List.of(), List.of(), List.of());
        }
    }

    private void awaitGone(Swappable driver, String source, Source before, DeviceFault fault) {
        var deadline = new Deadline(patience.stop());
        while (driver.sources(means.context()).get(source) == before && faults.apply(source) == fault) {
            if (deadline.passed()) {
                throw new IllegalStateException("it did not stop within " + deadline + " and is still at it; swap "
                        + driver.name() + " to have it back");
            }
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    private String sentence(String source, DeviceFault before) {
        var now = faults.apply(source);
        return now == null || now == before ? null : now.sentence();
    }

    private Set<String> back(Swappable driver, String source, Source before) {
        var now = driver.sources(means.context()).get(source);
        return now == null || now == before ? Set.of() : Set.of(source);
    }

    private Configuration device(String source) {
        var devices = devices(means.admin());
        var device = devices.get(source);
        if (device == null) {
            throw new BadInputException("there is no device '" + source + "' to be restarted; "
                    + (devices.isEmpty() ? "load a rig" : "name one of " + String.join(", ", devices.keySet())));
        }
        return device;
    }

    /** Configured devices by identity. */
    static Map<String, Configuration> devices(ConfigurationAdmin admin) {
        var devices = new TreeMap<String, Configuration>();
        try {
            var found = admin.listConfigurations("(&(service.factoryPid=*)(" + ID + "=*))");
            for (var one : found == null ? new Configuration[0] : found) {
                try {
                    devices.put(one.getProperties().get(ID).toString(), one);
                } catch (IllegalStateException deleted) {
                    continue; // just now
                }
            }
        } catch (IOException | InvalidSyntaxException refused) {
            throw new IllegalStateException("the configurations of devices cannot be read (" + refused.getMessage()
                    + "); restart the platform", refused);
        }
        return devices;
    }
}
