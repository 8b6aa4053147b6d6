// SPDX-License-Identifier: Apache-2.0
package mimir.launcher;

import java.util.Collection;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.hooks.service.EventListenerHook;
import org.osgi.framework.hooks.service.FindHook;
import org.osgi.framework.hooks.service.ListenerHook.ListenerInfo;

/**
 * Stands before the log service, so that no bundle logs more than its {@link LogShare}: an entry costs the service a
 * stack trace of some kilobytes, and a storm of them the collections that stop readers of media. Bundles find a service
 * of the same kind that lets through what may pass, and not the one behind it.
 *
 * <p>Threads: thread-safe.
 */
final class LogGate implements EventListenerHook, FindHook {
    private static final String FACTORY = "org.osgi.service.log.LoggerFactory";
    private static final String GATE = "mimir.gate";

    private final Map<ServiceReference<?>, ServiceRegistration<?>> gates = new ConcurrentHashMap<>();
    private final Map<String, LogShare> shares = new ConcurrentHashMap<>();

    /** Before the bundle of the log service starts. */
    static LogGate attach(BundleContext context) {
        var gate = new LogGate();
        context.registerService(new String[] {EventListenerHook.class.getName(), FindHook.class.getName()}, gate, null);
        return gate;
    }

    /** Before anybody else hears of a log service it is behind the gate. */
    @Override
    public void event(ServiceEvent event, Map<BundleContext, Collection<ListenerInfo>> listeners) {
        var reference = event.getServiceReference();
        if (event.getType() == ServiceEvent.REGISTERED && isLog(reference)) {
            stand(reference);
        }
        if (gates.containsKey(reference)) {
            listeners.keySet().removeIf(LogGate::isBundle);
        }
        if (event.getType() == ServiceEvent.UNREGISTERING) {
            leave(gates.remove(reference));
        }
    }

    @Override
    public void find(BundleContext context, String name, String filter, boolean all,
            Collection<ServiceReference<?>> references) {
        if (isBundle(context)) {
            references.removeAll(gates.keySet());
        }
    }

    private static boolean isLog(ServiceReference<?> reference) {
        return reference.getProperty(GATE) == null
            && List.of((String[]) reference.getProperty(Constants.OBJECTCLASS)).contains(FACTORY);
    }

    private static boolean isBundle(BundleContext context) {
        return context.getBundle().getBundleId() != Constants.SYSTEM_BUNDLE_ID;
    }

    /** In the name of the service's own bundle: the classes of the log API that bundles see are not the launcher's. */
    private void stand(ServiceReference<?> behind) {
        var properties = new Hashtable<String, Object>(Map.of(GATE, true,
            Constants.SERVICE_RANKING, Integer.MAX_VALUE));
        try {
            gates.put(behind, behind.getBundle().getBundleContext().registerService(
                (String[]) behind.getProperty(Constants.OBJECTCLASS), new Before(behind), properties));
        } catch (RuntimeException e) {
            Console.log("WARN", "launcher", "bundles log as much as they like", e);
        }
    }

    private void leave(ServiceRegistration<?> gate) {
        try {
            if (gate != null) {
                gate.unregister();
                tellRest();
            }
        } catch (IllegalStateException gone) {
            tellRest(); // its bundle had stopped already
        }
    }

    /** What was left out and not told yet, because nothing of that bundle came after it. */
    void tellRest() {
        shares.forEach((name, share) -> {
            var rest = share.rest();
            if (rest != null) {
                Console.log("WARN", name, rest, null);
            }
        });
    }

    private LogShare share(Bundle bundle) {
        var name = bundle.getSymbolicName();
        return shares.computeIfAbsent(name == null ? bundle.getLocation() : name,
            any -> new LogShare(System.nanoTime()));
    }

    /** The service as one bundle has it: entries are its own. */
    private final class Before implements ServiceFactory<Object> {
        private final ServiceReference<?> behind;

        Before(ServiceReference<?> behind) {
            this.behind = behind;
        }

        @Override
        public Object getService(Bundle user, ServiceRegistration<Object> gate) {
            var log = user.getBundleContext().getService(behind);
            return log == null ? null : GatedLog.of(log, user, LogGate.this::share);
        }

        @Override
        public void ungetService(Bundle user, ServiceRegistration<Object> gate, Object service) {
            var context = user.getBundleContext();
            if (context != null) { // else it has stopped, and the framework gives back what it used
                context.ungetService(behind);
            }
        }
    }
}
