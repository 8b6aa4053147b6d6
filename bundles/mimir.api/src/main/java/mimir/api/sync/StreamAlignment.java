// SPDX-License-Identifier: Apache-2.0
package mimir.api.sync;

/**
 * What two streams say about each other. What stands at canonical time t of the first stands at t + {@code offsetNs} +
 * {@code driftPpb} 10^-9 (t - {@code atNs}) of the second. Constant delays of both are in it: that is what it is for.
 * Immutable.
 *
 * @param first a source
 * @param second the other
 * @param evidence what it rests on: {@code sound}, {@code motion}, {@code light code}, {@code events}; {@code none}:
 * nothing is claimed, and all figures are not a number, but the confidence, which is 0
 * @param atNs where the offset is known best, canonical time of the first, ns
 * @param offsetNs how much later the second has it, ns
 * @param uncertaintyNs half width of the interval that holds 95 % of the true offsets, ns
 * @param driftPpb by how much the offset grows, ns per s; not a number where that cannot be told
 * @param driftUncertaintyPpb half width of the interval that holds 95 % of the true drifts, ns per s
 * @param confidence 1 minus the probability that streams with nothing in common look so much alike
 * @param runnerUp likeness at the second best offset, as part of that at the best
 * @param pieces segments or events that agree
 * @param reason a sentence for people: what was found, or why nothing is claimed
 */
public record StreamAlignment(String first, String second, String evidence, double atNs, double offsetNs,
        double uncertaintyNs, double driftPpb, double driftUncertaintyPpb, double confidence, double runnerUp,
        int pieces, String reason) {
}
