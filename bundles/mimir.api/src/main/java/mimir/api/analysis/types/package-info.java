// SPDX-License-Identifier: Apache-2.0
/**
 * What the analysers that come with Mimir attach: types for everybody, to read and, for other analysers, to write. They
 * are implemented by the platform; the same structs for C stand in {@code mimir_analysis_types.h}.
 */
@Export
@Version("1.2.0")
package mimir.api.analysis.types;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
