// SPDX-License-Identifier: Apache-2.0
/**
 * Off-heap broadcast rings: one writer in C or Java, any number of readers that never slow it. Sources open rings
 * through
 * {@link mimir.ring.Rings} (implemented here), consumers read them through {@link mimir.ring.RingReader}; the package
 * knows bytes, not cameras, and works without OSGi through {@link mimir.ring.RingStore}.
 *
 * <pre>
 *   device --> RingWriter (Java) or mimir_ring_writer (C) --> region --+--> RingReader "reservoir" EVERY
 *                                                                      +--> RingReader "preview"   LATEST
 * </pre>
 */
@Export
@Version("1.2.0")
package mimir.ring;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
