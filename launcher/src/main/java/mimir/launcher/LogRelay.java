// SPDX-License-Identifier: Apache-2.0
package mimir.launcher;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;
import org.osgi.framework.AllServiceListener;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceReference;

/**
 * Entries of the log service as single lines: all for the log, warnings and errors for standard error, too.
 *
 * <p>The log API comes from a bundle, whose classes the launcher cannot know: a listener is made of the reader's own
 * class loader and an entry is read through its interface. Sharing the API from the launcher's class path would give
 * the bundles another wiring here than under bnd.
 *
 * <p>Threads: thread-safe; entries arrive on the log service's thread.
 */
final class LogRelay {
    private static final Set<String> UNTOLD = Set.of("DEBUG", "TRACE");
    /** Loggers of what the framework does: each service and bundle that comes and goes. */
    private static final String EVENTS = "Events.";
    private static final String READER = "org.osgi.service.log.LogReaderService";

    private LogRelay() {
    }

    static void attach(BundleContext context) {
        // All: whether the launcher's own classes fit the service does not matter here.
        AllServiceListener whenRegistered = event -> {
            if (event.getType() == ServiceEvent.REGISTERED) {
                listen(context, event.getServiceReference());
            }
        };
        try {
            context.addServiceListener(whenRegistered, "(objectClass=" + READER + ")");
        } catch (InvalidSyntaxException e) {
            throw new AssertionError("a constant filter", e);
        }
    }

    private static void listen(BundleContext context, ServiceReference<?> reference) {
        var reader = context.getService(reference);
        if (reader == null) {
            return; // gone again meanwhile
        }
        try {
            var loader = reader.getClass().getClassLoader();
            var listenerType = loader.loadClass("org.osgi.service.log.LogListener");
            var entryType = loader.loadClass("org.osgi.service.log.LogEntry");
            var listener = Proxy.newProxyInstance(loader, new Class<?>[] {listenerType}, new Relay(entryType));
            loader.loadClass(READER).getMethod("addLogListener", listenerType).invoke(reader, listener);
        } catch (ReflectiveOperationException e) {
            Console.log("WARN", "launcher", "log entries will not be shown", e);
        }
    }

    private static final class Relay implements InvocationHandler {
        private final Method logger;
        private final Method time;
        private final Method level;
        private final Method bundle;
        private final Method message;
        private final Method exception;

        Relay(Class<?> entryType) throws NoSuchMethodException {
            logger = entryType.getMethod("getLoggerName");
            time = entryType.getMethod("getTime");
            level = entryType.getMethod("getLogLevel");
            bundle = entryType.getMethod("getBundle");
            message = entryType.getMethod("getMessage");
            exception = entryType.getMethod("getException");
        }

        @Override
        public Object invoke(Object proxy, Method method, Object[] arguments) throws ReflectiveOperationException {
            return switch (method.getName()) {
                case "logged" -> {
                    relay(arguments[0]);
                    yield null;
                }
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> proxy == arguments[0];
                default -> "log relay";
            };
        }

        private void relay(Object entry) throws ReflectiveOperationException {
            var name = level.invoke(entry).toString();
            var from = (Bundle) bundle.invoke(entry);
            boolean everyday = name.equals("INFO") && logger.invoke(entry).toString().startsWith(EVENTS);
            if (!everyday && !UNTOLD.contains(name)) {
                Console.log((long) time.invoke(entry), name, from == null ? "framework" : from.getSymbolicName(),
                    (String) message.invoke(entry), (Throwable) exception.invoke(entry));
            }
        }
    }
}
