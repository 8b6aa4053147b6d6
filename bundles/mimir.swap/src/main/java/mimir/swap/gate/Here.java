// SPDX-License-Identifier: Apache-2.0
package mimir.swap.gate;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.namespace.NativeNamespace;
import org.osgi.framework.wiring.BundleRevision;

/**
 * The machine that native code must fit. Immutable.
 *
 * @param word what it is called: {@code Linux on x86-64}
 * @param systems all names of its system, lower case
 * @param processors all names of its processor, lower case
 */
record Here(String word, Set<String> systems, Set<String> processors) {

    /** As the framework sees it: it is the one that chooses. */
    static Here in(BundleContext context) {
        var system = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).adapt(BundleRevision.class)
                .getDeclaredCapabilities(NativeNamespace.NATIVE_NAMESPACE).getFirst().getAttributes();
        return new Here(System.getProperty("os.name") + " on "
                + context.getProperty(Constants.FRAMEWORK_PROCESSOR),
                names(system.get(NativeNamespace.CAPABILITY_OSNAME_ATTRIBUTE)),
                names(system.get(NativeNamespace.CAPABILITY_PROCESSOR_ATTRIBUTE)));
    }

    private static Set<String> names(Object value) {
        var names = value instanceof Collection<?> several ? several : List.of(String.valueOf(value));
        return names.stream().map(name -> name.toString().toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    }

    /**
     * Paths of the libraries that a {@code Bundle-NativeCode} header gives for this machine; none when it has only
     * others.
     */
    List<String> libraries(String header) {
        return Clause.parse(header).stream().filter(clause -> !clause.names().equals(List.of("*")))
                .filter(clause -> fits(clause, "osname", systems) && fits(clause, "processor", processors))
                .findFirst().map(Clause::names).orElse(List.of()).stream()
                .map(path -> path.startsWith("/") ? path.substring(1) : path).toList();
    }

    private static boolean fits(Clause clause, String attribute, Set<String> here) {
        var wanted = clause.attributes().get(attribute);
        return wanted == null || wanted.stream().anyMatch(name -> here.contains(name.toLowerCase(Locale.ROOT)));
    }
}
