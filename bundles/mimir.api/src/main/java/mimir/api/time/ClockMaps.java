// SPDX-License-Identifier: Apache-2.0
package mimir.api.time;

import org.osgi.annotation.versioning.ProviderType;

/**
 * The clock maps of all sources. Where nobody provides one, canonical time is the host time of the descriptor.
 * Thread-safe.
 */
@ProviderType
public interface ClockMaps {
    /** The newest map of a source, or null when there is none yet. Does not block or allocate. */
    ClockMap of(String sourceId);
}
