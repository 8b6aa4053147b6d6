// SPDX-License-Identifier: Apache-2.0
/**
 * Sources: what a driver publishes and everybody else consumes. Implemented by drivers (a provider is pinned to
 * [1.0,1.1)), used by consumers through the service registry.
 */
@Export
@Version("1.0.0")
package mimir.api.source;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
