// SPDX-License-Identifier: Apache-2.0
/**
 * The estimator's life in the platform: it reads the descriptors of all sources in place and publishes their clock maps
 * and what was found. Truth does not come in here: the comparator is another bundle's.
 */
package mimir.sync.live;
