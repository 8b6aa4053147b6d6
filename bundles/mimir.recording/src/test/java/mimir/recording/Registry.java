// SPDX-License-Identifier: Apache-2.0
package mimir.recording;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.log.Logger;

/** The two calls that a device makes to the framework, and what it logged. Thread-safe. */
public final class Registry {
    private static final long PATIENCE_NS = 20_000_000_000L;

    private final List<Object> services = new CopyOnWriteArrayList<>();
    private final List<String> logged = new CopyOnWriteArrayList<>();

    /** A context that only registers. */
    public BundleContext context() {
        return (BundleContext) Proxy.newProxyInstance(Registry.class.getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (proxy, method, arguments) -> register(arguments[1]));
    }

    private ServiceRegistration<?> register(Object service) {
        services.add(service);
        return (ServiceRegistration<?>) Proxy.newProxyInstance(Registry.class.getClassLoader(),
                new Class<?>[] {ServiceRegistration.class},
                (proxy, method, arguments) -> method.getName().equals("unregister") && services.remove(service) ? null
                        : null);
    }

    /** A log that keeps its last argument. */
    public Logger log() {
        return (Logger) Proxy.newProxyInstance(Registry.class.getClassLoader(), new Class<?>[] {Logger.class},
                (proxy, method, arguments) -> {
            logged.add(String.valueOf(arguments[arguments.length - 1]));
            return null;
        });
    }

    /** What was logged. */
    public List<String> logged() {
        return logged;
    }

    /** The registered services of a type, now. */
    public <T> List<T> all(Class<T> type) {
        return services.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Waits for a service of a type. */
    public <T> T await(Class<T> type) {
        await(() -> !all(type).isEmpty());
        return all(type).getFirst();
    }

    /** Waits, at most 20 s. */
    public static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE_NS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("it did not come true in time");
            }
            LockSupport.parkNanos(200_000);
        }
    }
}
