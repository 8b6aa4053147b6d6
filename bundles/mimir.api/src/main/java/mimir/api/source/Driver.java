// SPDX-License-Identifier: Apache-2.0
package mimir.api.source;

import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What a driver bundle offers to rigs; each driver registers one. Its devices are configured through Config Admin under
 * the factory PID
 * {@link #name}, one configuration per device, with the properties that {@link #plan} returns. Thread-safe.
 */
@ProviderType
public interface Driver {
    /**
     * Property of a planned configuration: Long, bytes that the device's ring takes in {@code rings.dir}
     * ({@link mimir.ring.RingSpec#regionBytes}); left out when its ring never lies there. A rig whose rings do not fit
     * is refused before the first is made.
     */
    String RING_BYTES = "ring.bytes";

    /**
     * Property of a planned configuration beside {@link #RING_BYTES}: Double, how long that ring lasts, s
     * ({@link mimir.ring.RingSpec#seconds}). From both follows what the ring takes in a rig that asks for longer ones.
     */
    String RING_SECONDS = "ring.seconds";

    /** Symbolic name of the bundle; the factory PID of its devices and the {@code driver} member of rig entries. */
    String name();

    /**
     * Checks an entry of a rig as a whole and says which devices it means. Touches no device.
     *
     * @param entry the members of the entry: scalars as String, Boolean, Long or Double; objects and arrays as JSON
     * text; {@code driver} left out
     * @return configuration of each device; each has a String {@code id}, the identity of its source, and may have
     * {@link #RING_BYTES} and {@link #RING_SECONDS}
     * @throws mimir.api.BadInputException for a mode that the device cannot do, a contradiction, an unknown member
     * @throws IllegalStateException when the driver cannot work here, for want of its native library for example
     */
    List<Map<String, Object>> plan(Map<String, Object> entry);
}
