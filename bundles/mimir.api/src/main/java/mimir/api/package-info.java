// SPDX-License-Identifier: Apache-2.0
/**
 * What all rooms share and no room owns: how bad input is told from failure. Thrown by every service, turned into one
 * sentence and an exit code by the shell.
 */
@Export
@Version("1.0.0")
package mimir.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
