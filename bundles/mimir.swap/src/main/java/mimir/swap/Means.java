// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import mimir.api.work.Workers;
import mimir.swap.gate.Gate;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.log.Logger;

/** What swaps are made with. Immutable; {@code admin} is null where no device is configured. */
record Means(BundleContext context, Gate gate, Workers workers, Logger log, Components components,
        ConfigurationAdmin admin) {
}
