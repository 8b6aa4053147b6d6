// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;

/**
 * Tells which component of a bundle failed in its constructor: the framework counts such a bundle as started all the
 * same. Thread-safe.
 */
final class Components {
    private static final String CAUSE = "Caused by: ";
    private static final String LACKED = "Unable to get service";

    private final ServiceComponentRuntime runtime;

    /** {@code runtime} is null where there are no components. */
    Components(ServiceComponentRuntime runtime) {
        this.runtime = runtime;
    }

    /** What failed, by component and configuration, and a sentence about each; what only lacked another comes last. */
    Map<String, String> faults(Bundle bundle) {
        if (runtime == null || bundle.getState() == Bundle.UNINSTALLED) {
            return Map.of();
        }
        var faults = new LinkedHashMap<String, String>();
        runtime.getComponentDescriptionDTOs(bundle).stream()
                .flatMap(one -> runtime.getComponentConfigurationDTOs(one).stream())
                .filter(one -> one.state == ComponentConfigurationDTO.FAILED_ACTIVATION)
                .sorted(Comparator.comparing(one -> one.failure != null && one.failure.contains(LACKED)))
                .forEach(one -> faults.put(one.description.name + one.properties.get(Constants.SERVICE_PID),
                        "its component " + one.description.implementationClass + " failed: " + cause(one.failure)));
        return faults;
    }

    /** The innermost message of what is told as a stack trace. */
    static String cause(String trace) {
        var lines = trace == null ? "" : trace.strip();
        var last = lines.lines().filter(line -> line.startsWith(CAUSE)).reduce((one, next) -> next)
                .map(line -> line.substring(CAUSE.length()))
                .orElseGet(() -> lines.lines().findFirst().orElse("it does not say why"));
        int colon = last.indexOf(": ");
        return colon < 0 ? last : last.substring(colon + 2);
    }
}
