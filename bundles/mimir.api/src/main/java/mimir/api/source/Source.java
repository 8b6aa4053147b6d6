// SPDX-License-Identifier: Apache-2.0
package mimir.api.source;

import mimir.ring.Ring;
import mimir.ring.RingFormat;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A device that publishes items into a ring. A driver registers it, under {@code Source} and under {@link FrameSource}
 * or {@link AudioSource}, when its memory is ready and its device runs, with the properties of {@link
 * SourceProperties}; it unregisters it before the device stops. The ring belongs to the source's identity and outlives
 * the service: readers opened on it stay valid through a swap of the driver. Thread-safe; no method blocks.
 */
@ProviderType
public interface Source {
    /** Identity, the same for every incarnation: {@code sim.camera.1}. */
    String id();

    /** What people call the device: model, port, serial. */
    String device();

    /** Symbolic name of the driver bundle that publishes it. */
    String driver();

    /** The ring; open a reader on it to consume. */
    Ring ring();

    /** What the device sends now: sizes, rate, layout. */
    RingFormat format();
}
