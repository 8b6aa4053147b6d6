// SPDX-License-Identifier: Apache-2.0
/**
 * Rigs: which devices run, and how they are configured. Implemented by mimir.engine, used by the shell and by
 * automation; and how a driver reads its entries.
 */
@Export
@Version("1.1.0")
package mimir.api.rig;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
