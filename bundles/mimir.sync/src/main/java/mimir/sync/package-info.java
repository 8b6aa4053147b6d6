// SPDX-License-Identifier: Apache-2.0
/**
 * Maps every device clock to canonical time, and says how well. Exports nothing: {@code mimir.api.time} has the words.
 */
package mimir.sync;
