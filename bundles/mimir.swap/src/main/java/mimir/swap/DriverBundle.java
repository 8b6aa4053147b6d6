// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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

    static Optional<DriverBundle> find(BundleContext context, String name) {
        return Arrays.stream(context.getBundles()).filter(bundle -> isDriver(bundle)
                && name.equals(bundle.getSymbolicName()))
                .findFirst().map(host -> new DriverBundle(host, fragmentsOf(context, name)));
    }

    static List<String> names(BundleContext context) {
        var bundles = Arrays.stream(context.getBundles());
        return bundles.filter(DriverBundle::isDriver).map(Bundle::getSymbolicName).sorted().toList();
    }

    /** A bundle that offers a driver, or one that is called like one and happens not to run. */
    private static boolean isDriver(Bundle bundle) {
        return bundle.getSymbolicName() != null && hostOf(bundle) == null
                && (bundle.getSymbolicName().startsWith(PREFIX)
                || services(bundle).stream().anyMatch(service -> offers(service, Driver.class)));
    }

    private static List<Bundle> fragmentsOf(BundleContext context, String host) {
        return Arrays.stream(context.getBundles()).filter(bundle -> host.equals(hostOf(bundle))).toList();
    }

    private static String hostOf(Bundle bundle) {
        var header = bundle.getHeaders().get(Constants.FRAGMENT_HOST);
        return header == null ? null : header.split(";")[0].strip();
    }

    private static List<ServiceReference<?>> services(Bundle bundle) {
        var services = bundle.getState() == Bundle.UNINSTALLED ? null : bundle.getRegisteredServices();
        return services == null ? List.of() : List.of(services);
    }

    private static boolean offers(ServiceReference<?> service, Class<?> type) {
        return List.of((String[]) service.getProperty(Constants.OBJECTCLASS)).contains(type.getName());
    }

    /** Host and fragments by symbolic name, the host first. */
    Map<String, Bundle> parts() {
        var parts = new LinkedHashMap<String, Bundle>();
        parts.put(host.getSymbolicName(), host);
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
