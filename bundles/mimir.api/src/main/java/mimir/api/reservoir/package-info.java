// SPDX-License-Identifier: Apache-2.0
/**
 * The rolling memory over all sources: one budget, one edge, views in place. Implemented by mimir.reservoir, read by
 * export, the shell and analysis.
 */
@Export
@Version("1.3.0")
package mimir.api.reservoir;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
