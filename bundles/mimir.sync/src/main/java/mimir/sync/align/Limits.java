// SPDX-License-Identifier: Apache-2.0
package mimir.sync.align;

/**
 * Where to look. The narrower, the less can be mistaken. Immutable.
 *
 * @param offsetNs largest offset to look for, either way, ns
 * @param driftPpm largest drift to expect, either way: some ppm behind clock maps, 200 for bare clocks
 * @param chance how likely streams with nothing in common may look as much alike for something to be claimed; where
 * there is little to see, some percent give an answer whose confidence says what it is worth
 */
public record Limits(double offsetNs, double driftPpm, double chance) {
    private static final double MOST_DRIFT_PPM = 1000;
    private static final double USUAL_CHANCE = 1e-4;

    /** Refuses what makes no sense. */
    public Limits {
        if (!(offsetNs > 0) || !(driftPpm >= 0 && driftPpm <= MOST_DRIFT_PPM)) {
            throw new IllegalArgumentException("offsets to look for are above 0 ns and drifts from 0 to 1000 ppm, not "
                    + offsetNs + " and " + driftPpm);
        }
        if (!(chance > 0 && chance < 1)) {
            throw new IllegalArgumentException("a chance lies between 0 and 1: " + chance);
        }
    }

    /** Claims only what chance makes once in ten thousand times. */
    public Limits(double offsetNs, double driftPpm) {
        this(offsetNs, driftPpm, USUAL_CHANCE);
    }

    /** Whether such a chance is small enough to claim something. */
    boolean rule(double logChance) {
        return logChance < Math.log(chance);
    }
}
