// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import mimir.api.BadInputException;
import mimir.api.analysis.Analyzer;
import mimir.api.source.Driver;
import mimir.api.source.Source;
import mimir.ring.Ring;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/**
 * A bundle that drives devices or carries analysers, as it is installed: host and fragments. Immutable; looked up anew
 * for each swap.
 */
record Swappable(Bundle host, List<Bundle> fragments) {
    private static final String PREFIX = "mimir.driver.";
    private static final List<Class<?>> OFFERS = List.of(Driver.class, Analyzer.class);

    /**
     * The bundle of that symbolic name.
     *
     * @throws BadInputException when there is none
     */
    static Swappable find(BundleContext context, String name) {
        var bundles = Arrays.stream(context.getBundles()).filter(bundle -> name.equals(bundle.getSymbolicName()));
        var named = bundles.findFirst().orElseThrow(() -> new BadInputException("there is no bundle '" + name
                + "' to be swapped; name one of " + String.join(", ", names(context))));
        if (!isOne(named)) {
            var host = Headers.hostOf(named);
            throw new BadInputException(name + (host.isEmpty() ? " has neither devices nor analysers, and nothing else"
                    + " can be swapped while it runs; name one of " + String.join(", ", names(context))
                    : " is a fragment of " + host + "; swap that, and its fragments go along"));
        }
        return new Swappable(named, fragmentsOf(context, name));
    }

    static List<String> names(BundleContext context) {
        var bundles = Arrays.stream(context.getBundles());
        return bundles.filter(Swappable::isOne).map(Bundle::getSymbolicName).sorted().toList();
    }

    /** A bundle that offers such a service, or one that says or is called so and happens not to run. */
    private static boolean isOne(Bundle bundle) {
        if (bundle.getSymbolicName() == null || !Headers.hostOf(bundle).isEmpty()) {
            return false;
        }
        var says = bundle.getHeaders().get(Constants.PROVIDE_CAPABILITY);
        return bundle.getSymbolicName().startsWith(PREFIX) || OFFERS.stream().anyMatch(type ->
                says != null && says.contains('"' + type.getName() + '"')
                || services(bundle).stream().anyMatch(service -> offers(service, type)));
    }

    /** What it is, in sentences. */
    String word() {
        return name().startsWith(PREFIX) || services(host).stream().anyMatch(one -> offers(one, Driver.class))
                ? "driver" : "bundle";
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

    /** How many items a source has published, whoever drives it; -1 when it is not there. */
    static long published(BundleContext context, String source) {
        return Arrays.stream(context.getBundles()).map(bundle -> new Swappable(bundle, List.of()).rings(context))
                .filter(rings -> rings.containsKey(source)).findFirst()
                .map(rings -> rings.get(source).stats().published()).orElse(-1L);
    }

    /** The rings of the sources that it publishes now, by identity. */
    Map<String, Ring> rings(BundleContext context) {
        var rings = new TreeMap<String, Ring>();
        sources(context).forEach((id, source) -> rings.put(id, source.ring()));
        return rings;
    }

    /** The sources that it publishes now, by identity. */
    Map<String, Source> sources(BundleContext context) {
        var sources = new TreeMap<String, Source>();
        for (var reference : services(host)) {
            if (offers(reference, Source.class) && context.getService(reference) instanceof Source source) {
                sources.put(source.id(), source);
                context.ungetService(reference);
            }
        }
        return sources;
    }
}
