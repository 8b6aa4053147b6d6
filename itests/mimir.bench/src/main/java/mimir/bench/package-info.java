// SPDX-License-Identifier: Apache-2.0
/**
 * Mimir beside the best that exists. {@link mimir.bench.Main} runs trials, each in a JVM of its own, in interleaved
 * rounds;
 * {@link mimir.bench.Goals} says what is compared; {@link mimir.bench.PerformancePage} writes it down for people.
 */
package mimir.bench;
