// SPDX-License-Identifier: Apache-2.0
package mimir.api.sync;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Clock maps held against the truth, where a device is simulated and tells it. Thread-safe; control threads;
 * allocates, does not block. Estimators know nothing of it.
 */
@ProviderType
public interface TruthReports {
    /** The newest report of each source with a clock map and a truth, in order of the sources. */
    List<TruthReport> truths();

    /** The looks at a source, oldest first; empty when there are none. They stay when the source goes. */
    List<TruthReport.Look> looks(String source);
}
