// SPDX-License-Identifier: Apache-2.0
package mimir.api.sync;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** What was found of the clocks of all sources. Thread-safe; control threads; allocates, does not block. */
@ProviderType
public interface SyncReports {
    /** The newest report of each source whose clock is known, in order of the sources. */
    List<SyncReport> reports();

    /**
     * The newest 2,400 reports of a source, oldest first: some twenty minutes. Empty when its clock is not known. It
     * stays known when the source goes.
     */
    List<SyncReport> history(String source);
}
