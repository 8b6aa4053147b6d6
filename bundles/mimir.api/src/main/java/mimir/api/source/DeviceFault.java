// SPDX-License-Identifier: Apache-2.0
package mimir.api.source;

import org.osgi.annotation.versioning.ProviderType;

/**
 * A configured device that cannot run: its driver registers this instead of a {@link Source}, until the device is
 * reconfigured or taken away. Immutable.
 */
@ProviderType
public interface DeviceFault {
    /** Identity that the source would have had. */
    String id();

    /** Symbolic name of the driver. */
    String driver();

    /** One sentence: what is wrong and what to do. */
    String sentence();
}
