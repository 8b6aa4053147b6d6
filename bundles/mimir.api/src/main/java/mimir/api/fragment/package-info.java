// SPDX-License-Identifier: Apache-2.0
/**
 * The native code of a bundle's fragment. Implemented here; used by drivers and by bundles of analysers, each for its
 * own fragment.
 */
@Export
@Version("1.1.0")
package mimir.api.fragment;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
