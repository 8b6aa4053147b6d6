// SPDX-License-Identifier: Apache-2.0
/**
 * What was found of each device's clock, and how far from the truth that is where a device is simulated: records for
 * people, reports and plots. Implemented by mimir.sync and mimir.watch, used by the shell and by automation; hot
 * readers use {@code mimir.api.time}.
 */
@Export
@Version("1.2.0")
package mimir.api.sync;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
