// SPDX-License-Identifier: Apache-2.0
/**
 * The account of a run. Implemented by mimir.watch, used by the shell and by automation.
 */
@Export
@Version("1.0.0")
package mimir.api.report;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
