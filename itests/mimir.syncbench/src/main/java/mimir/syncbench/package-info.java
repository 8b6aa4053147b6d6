// SPDX-License-Identifier: Apache-2.0
/**
 * {@code ./mimir sync-bench}: seeded devices whose clocks drift, wander and jump, the estimator and its peers on the
 * same observations, and what came out beside what must come out.
 */
package mimir.syncbench;
