// SPDX-License-Identifier: Apache-2.0
package mimir.engine.rig;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import mimir.api.source.DeviceFault;
import mimir.api.source.Driver;

/** What drivers have registered now, and waiting for it. Thread-safe. */
final class Registered {
    private final Map<Driver, String> drivers = new HashMap<>();     // guarded by this
    private final Map<Object, String> sources = new HashMap<>();     // guarded by this
    private final Map<DeviceFault, String> faults = new HashMap<>(); // guarded by this

    void addDriver(Driver driver) {
        put(drivers, driver, driver.name());
    }

    void removeDriver(Driver driver) {
        remove(drivers, driver);
    }

    /** A source by whatever stands for it. */
    void addSource(Object source, String id) {
        put(sources, source, id);
    }

    void removeSource(Object source) {
        remove(sources, source);
    }

    void addFault(DeviceFault fault) {
        put(faults, fault, fault.id());
    }

    void removeFault(DeviceFault fault) {
        remove(faults, fault);
    }

    private synchronized <K> void put(Map<K, String> map, K key, String name) {
        map.put(key, name);
        notifyAll();
    }

    private synchronized <K> void remove(Map<K, String> map, K key) {
        map.remove(key);
        notifyAll();
    }

    /** Names of the drivers. */
    synchronized List<String> drivers() {
        return List.copyOf(new TreeSet<>(drivers.values()));
    }

    synchronized Optional<Driver> driver(String name) {
        return firstNamed(drivers, name);
    }

    /** Those of {@code ids} that have no source, in order. */
    synchronized List<String> missing(List<String> ids) {
        return ids.stream().filter(id -> !sources.containsValue(id)).toList();
    }

    /** Those of {@code ids} that have a source or a fault, in order. */
    synchronized List<String> present(List<String> ids) {
        return ids.stream().filter(id -> sources.containsValue(id) || faults.containsValue(id)).toList();
    }

    /** The first of {@code ids} that cannot run. */
    synchronized Optional<DeviceFault> fault(List<String> ids) {
        return ids.stream().flatMap(id -> firstNamed(faults, id).stream()).findFirst();
    }

    private static <K> Optional<K> firstNamed(Map<K, String> map, String name) {
        return map.entrySet().stream().filter(entry -> entry.getValue().equals(name))
                .findFirst().map(Map.Entry::getKey);
    }

    /**
     * Looks again at each change until there is a result. Blocks at most {@code ns}.
     *
     * @throws IllegalStateException when the thread was interrupted
     */
    synchronized <T> Optional<T> await(long ns, Supplier<Optional<T>> look) {
        long deadline = System.nanoTime() + ns;
        while (true) {
            var found = look.get();
            long left = deadline - System.nanoTime();
            if (found.isPresent() || left <= 0) {
                return found;
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left + 1_000_000); // rounds down to whole milliseconds
            } catch (InterruptedException asked) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("waiting for the drivers was interrupted; load the rig again", asked);
            }
        }
    }

    /** Ends every wait's sleep, so that it looks again. */
    synchronized void look() {
        notifyAll();
    }
}
