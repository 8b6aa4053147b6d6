// SPDX-License-Identifier: Apache-2.0
package mimir.api.time;

import org.osgi.annotation.versioning.ProviderType;

/**
 * The true times of a simulated device, for a comparator outside the estimator; no estimator may read it. Thread-safe.
 */
@ProviderType
public interface TruthSource {
    /** {@link #trueNs} of an item that is unknown or too old. */
    long UNKNOWN = Long.MIN_VALUE;

    /** Identity of the source whose truth this is. */
    String id();

    /**
     * When the device really took an item (mid-exposure of a frame, first sample of a block), in canonical ns, or
     * {@link #UNKNOWN}. The last 65,536 items at least are known. Does not block or allocate.
     */
    long trueNs(int epoch, long sequence);
}
