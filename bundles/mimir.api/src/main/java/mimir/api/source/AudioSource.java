// SPDX-License-Identifier: Apache-2.0
package mimir.api.source;

import org.osgi.annotation.versioning.ProviderType;

/** A source of planar audio blocks; read them through {@link mimir.api.media.AudioView}. Thread-safe. */
@ProviderType
public interface AudioSource extends Source {
}
