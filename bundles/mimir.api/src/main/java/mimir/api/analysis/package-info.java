// SPDX-License-Identifier: Apache-2.0
/**
 * Analysis: analysers look at items beside delivery and attach what they find; anybody reads it, once or live. A result
 * is an item of a ring of its own, with the sequence and the times of the item that it belongs to.
 */
@Export
@Version("1.1.0")
package mimir.api.analysis;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
