// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.util.tracker.ServiceTracker;

/**
 * Finds services when a command asks for them, because none of them may keep the shell from running. One tracker for
 * each type, opened at its first use. Thread-safe.
 */
@Component(service = Services.class)
public final class TrackedServices implements Services {
    private final BundleContext context;
    private final Map<Class<?>, ServiceTracker<?, ?>> trackers = new ConcurrentHashMap<>();

    /** With the context of this bundle. */
    @Activate
    public TrackedServices(BundleContext context) {
        this.context = context;
    }

    @Override
    public <T> Optional<T> find(Class<T> type) {
        return Optional.ofNullable(tracker(type).getService());
    }

    @Override
    public <T> List<T> all(Class<T> type) {
        return tracker(type).getTracked().values().stream().toList();
    }

    @Override
    public <T> List<Map<String, Object>> properties(Class<T> type) {
        return tracker(type).getTracked().keySet().stream().map(reference -> {
            var told = new HashMap<String, Object>();
            for (var name : reference.getPropertyKeys()) {
                told.put(name, reference.getProperty(name));
            }
            return (Map<String, Object>) told;
        }).toList();
    }

    @Override
    public <T> Optional<T> await(Class<T> type, Duration atMost) {
        try {
            return Optional.ofNullable(tracker(type).waitForService(atMost.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    @SuppressWarnings("unchecked")
    private <T> ServiceTracker<T, T> tracker(Class<T> type) {
        return (ServiceTracker<T, T>) trackers.computeIfAbsent(type, this::open);
    }

    private ServiceTracker<?, ?> open(Class<?> type) {
        var tracker = new ServiceTracker<>(context, type.getName(), null);
        tracker.open();
        return tracker;
    }

    @Deactivate
    void close() {
        trackers.values().forEach(ServiceTracker::close);
    }
}
