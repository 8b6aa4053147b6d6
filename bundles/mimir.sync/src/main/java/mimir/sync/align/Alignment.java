// SPDX-License-Identifier: Apache-2.0
package mimir.sync.align;

/**
 * What two streams say about each other. What happens at time t of the first stands at t + {@code offsetNs} +
 * {@code driftPpb} 10^-9 (t - {@code atNs}) of the second. Immutable.
 *
 * @param evidence what it rests on; with {@link Evidence#NONE} all figures but the confidence are not a number
 * @param atNs where the offset is known best, by the first stream's time, ns
 * @param offsetNs how much later the second stream has it, ns
 * @param uncertaintyNs half width of the interval that holds 95 % of the true offsets, ns
 * @param driftPpb by how much the offset grows, ns per s; not a number where one piece was all there was
 * @param driftUncertaintyPpb half width of the interval that holds 95 % of the true drifts, ns per s
 * @param confidence 1 minus the probability that streams with nothing in common look so much alike; 0 without evidence
 * @param runnerUp likeness at the second best offset, as part of that at the best: 1 would be a guess
 * @param pieces segments or events that agree
 * @param reason a sentence for people: what was found, or why nothing is claimed
 */
public record Alignment(Evidence evidence, double atNs, double offsetNs, double uncertaintyNs, double driftPpb,
        double driftUncertaintyPpb, double confidence, double runnerUp, int pieces, String reason) {

    /** Nothing can be said, and why. */
    public static Alignment none(String reason) {
        return new Alignment(Evidence.NONE, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, 0, Double.NaN,
                0, reason);
    }

    /** The same, with another reason why nothing is claimed. */
    public Alignment also(String other) {
        return none(reason + "; " + other);
    }

    /** The same as the second stream has it of the first. */
    public Alignment reversed() {
        return claims() ? new Alignment(evidence, atNs + offsetNs, -offsetNs, uncertaintyNs, -driftPpb,
                driftUncertaintyPpb, confidence, runnerUp, pieces, reason) : this;
    }

    /** Whether there is evidence. */
    public boolean claims() {
        return evidence != Evidence.NONE;
    }
}
