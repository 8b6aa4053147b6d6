// SPDX-License-Identifier: Apache-2.0
package mimir.tck.driver;

import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import mimir.api.rig.Rigs;
import mimir.api.source.Driver;
import mimir.api.swap.Swapper;
import mimir.api.work.Workers;
import mimir.ring.Rings;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** The services of the platform that the kit runs in. Immutable. */
record Platform(BundleContext context, Rigs rigs, Rings rings, Swapper swapper, Workers workers) {

    /** The driver of that name, which nobody may keep: a swap brings another. */
    Optional<Driver> driver(String name) {
        return references(Driver.class, null).stream().map(context::getService)
                .filter(driver -> driver != null && driver.name().equals(name)).findFirst();
    }

    /** The installed bundle of that symbolic name. */
    Optional<Bundle> bundle(String name) {
        return Arrays.stream(context.getBundles()).filter(one -> name.equals(one.getSymbolicName())).findFirst();
    }

    <T> Optional<ServiceReference<T>> reference(Class<T> type, String filter) {
        return references(type, filter).stream().findFirst();
    }

    private <T> Collection<ServiceReference<T>> references(Class<T> type, String filter) {
        try {
            return context.getServiceReferences(type, filter);
        } catch (InvalidSyntaxException odd) {
            throw new IllegalArgumentException("no filter: " + filter, odd);
        }
    }
}
