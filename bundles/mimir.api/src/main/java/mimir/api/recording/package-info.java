// SPDX-License-Identifier: Apache-2.0
/**
 * Writing windows of the reservoir to disk. Implemented by mimir.recording, used by the shell and by automation.
 */
@Export
@Version("1.2.0")
package mimir.api.recording;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
