// SPDX-License-Identifier: Apache-2.0
/**
 * Device clocks, canonical time and, for simulated devices, the truth. Implemented by mimir.sync and by simulated
 * drivers, read by everybody.
 */
@Export
@Version("1.0.0")
package mimir.api.time;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
