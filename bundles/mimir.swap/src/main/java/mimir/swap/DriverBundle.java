// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mimir.api.BadInputException;
import mimir.api.source.Driver;
import mimir.api.source.Source;
import mimir.ring.Ring;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/**
 * A driver as it is installed: its host bundle and its fragments. Immutable; looked up anew for each swap.
 */
record DriverBundle(Bundle host, List<Bundle> fragments) {
    private static final String PREFIX = "mimir.driver.";

    /**
     * The driver of that symbolic name.
     *
     * @throws BadInputException when there is none
     */
    static DriverBundle find(BundleContext context, String name) {
        var bundles = Arrays.stream(context.getBundles()).filter(bundle -> name.equals(bundle.getSymbolicName()));
        var named = bundles.findFirst().orElseThrow(() -> new BadInputException("there is no driver '" + name
                + "'; drivers are " + String.join(", ", names(context))));
        if (!isDriver(named)) {
            var host = Headers.hostOf(named);
            throw new BadInputException(name + (host.isEmpty() ? " is no driver, and nothing else can be swapped while"
                    + " it runs; drivers are " + String.join(", ", names(context))
                    : " is a fragment of " + host + "; swap that, and its fragments go along"));
        }
        return new DriverBundle(named, fragmentsOf(context, name));
    }

    static List<String> names(BundleContext context) {
        var bundles = Arrays.stream(context.getBundles());
        return bundles.filter(DriverBundle::isDriver).map(Bundle::getSymbolicName).sorted().toList();
    }

    /** A bundle that offers a driver, or one that is called like one and happens not to run. */
    private static boolean isDriver(Bundle bundle) {
        return bundle.getSymbolicName() != null && Headers.hostOf(bundle).isEmpty()
                && (bundle.getSymbolicName().startsWith(PREFIX)
                || services(bundle).stream().anyMatch(service -> offers(service, Driver.class)));
    }

    private static List<Bundle> fragmentsOf(BundleContext context, String host) {
        return Arrays.stream(context.getBundles()).filter(bundle -> host.equals(Headers.hostOf(bundle))).toList();
    }

    private static List<ServiceReference<?>> services(Bundle bundle) {
        var services = bundle.getState() == Bundle.UNINSTALLED ? null : bundle.getRegisteredServices();
        return services == null ? List.of() : List.of(services);
    }

    private static boolean offers(ServiceReference<?> service, Class<?> type) {
        var types = (String[]) service.getProperty(Constants.OBJECTCLASS);
        return types != null && List.of(types).contains(type.getName()); // null: it has just been unregistered
    }

    /** Symbolic name of the host. */
    String name() {
        return host.getSymbolicName();
    }

    /** Host and fragments by symbolic name, the host first. */
    Map<String, Bundle> parts() {
        var parts = new LinkedHashMap<String, Bundle>();
        parts.put(name(), host);
        fragments.forEach(fragment -> parts.put(fragment.getSymbolicName(), fragment));
        return parts;
    }

    /** The rings of the sources that it publishes now, by identity. */
    Map<String, Ring> rings(BundleContext context) {
        var rings = new TreeMap<String, Ring>();
        for (var reference : services(host)) {
            if (offers(reference, Source.class) && context.getService(reference) instanceof Source source) {
                rings.put(source.id(), source.ring());
                context.ungetService(reference);
            }
        }
        return rings;
    }
}
