// SPDX-License-Identifier: Apache-2.0
/**
 * Threads and their classes: the engine implements it and is the only place that makes Java threads; all other rooms
 * ask it.
 */
@Export
@Version("1.2.0")
package mimir.api.work;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
