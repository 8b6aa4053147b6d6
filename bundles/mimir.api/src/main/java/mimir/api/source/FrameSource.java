// SPDX-License-Identifier: Apache-2.0
package mimir.api.source;

import org.osgi.annotation.versioning.ProviderType;

/** A source of frames; read them through {@link mimir.api.media.FrameView}. Thread-safe. */
@ProviderType
public interface FrameSource extends Source {
}
