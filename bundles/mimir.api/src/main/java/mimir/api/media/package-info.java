// SPDX-License-Identifier: Apache-2.0
/**
 * Frames and audio blocks as they lie in memory: formats, and flyweight views over items of rings and of the reservoir.
 * Drivers describe their formats with it, consumers read through its views; nothing here is implemented elsewhere.
 */
@Export
@Version("1.2.0")
package mimir.api.media;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
