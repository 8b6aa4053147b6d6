// SPDX-License-Identifier: Apache-2.0
/**
 * Replacing a driver or analysers while everything else runs.
 * Implemented by mimir.swap, used by the shell and by automation.
 */
@Export
@Version("1.1.0")
package mimir.api.swap;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
