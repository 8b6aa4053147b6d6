// SPDX-License-Identifier: Apache-2.0
package mimir.engine.rig;

import org.osgi.service.component.annotations.Component;

/**
 * The rig that is loaded. It is known as long as this bundle runs, because devices do not stop when the loader begins
 * anew. Thread-safe.
 */
@Component(service = LastRig.class, immediate = true)
public final class LastRig {
    private volatile Loaded loaded;

    /** Null when there is none. */
    Loaded get() {
        return loaded;
    }

    void set(Loaded next) {
        loaded = next;
    }
}
