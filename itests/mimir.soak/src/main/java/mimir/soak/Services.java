// SPDX-License-Identifier: Apache-2.0
package mimir.soak;

import java.nio.file.Path;
import mimir.api.rig.Rigs;
import mimir.api.swap.Swapper;
import mimir.api.work.Workers;
import mimir.ring.Rings;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;

/**
 * What a proof runs on. Immutable.
 *
 * @param context of this bundle
 * @param parts folder with the rig and with what is swapped in
 */
record Services(BundleContext context, Rigs rigs, Swapper swapper, Rings rings, Workers workers, Path parts) {
    /** True once the platform goes down, whose parts vanish one after the other: what fails then is no fault. */
    boolean ending() {
        return Thread.currentThread().isInterrupted()
                || context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION).getState() == Bundle.STOPPING;
    }

    /** The rig of the proofs: what is swapped, and what must not notice. */
    Path rig() {
        return parts.resolve("rig.json");
    }
}
