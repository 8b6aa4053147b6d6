// SPDX-License-Identifier: Apache-2.0
/**
 * When two streams show the same thing, how far their time lines are apart: sound against sound, picture against
 * picture, light against sound. Knows no OSGi, no thread and no ring; all times are canonical, ns.
 */
package mimir.sync.align;
