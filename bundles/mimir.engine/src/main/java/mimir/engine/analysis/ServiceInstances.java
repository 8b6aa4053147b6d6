// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import mimir.api.analysis.Analyzer;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** Analysers of a component of scope PROTOTYPE, one for each call. Thread-safe. */
final class ServiceInstances implements Offer.Instances {
    private final BundleContext context;
    private final ServiceReference<Analyzer> reference;

    ServiceInstances(BundleContext context, ServiceReference<Analyzer> reference) {
        this.context = context;
        this.reference = reference;
    }

    @Override
    public Analyzer make() {
        var objects = context.getServiceObjects(reference);
        var made = objects == null ? null : objects.getService();
        if (made == null) {
            throw new IllegalStateException("the analyser could not be made; the log says why, or its bundle is gone");
        }
        return made;
    }

    @Override
    public void giveBack(Analyzer analyzer) {
        var objects = context.getServiceObjects(reference);
        if (objects != null) {
            objects.ungetService(analyzer); // false when the framework did so itself, as the bundle went
        }
    }
}
