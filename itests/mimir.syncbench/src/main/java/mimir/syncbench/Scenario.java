// SPDX-License-Identifier: Apache-2.0
package mimir.syncbench;

import java.util.List;

/**
 * What a simulated device and its transport do; docs/sync.md tells each member, its unit and its default. Immutable.
 */
public record Scenario(String name, boolean audio, double seconds, double tickHz, double itemTicks, double driftPpm,
        double driftSpreadPpm, double wanderPpm, double wanderPeriodS, double walkPpb, double floorUs, double medianUs,
        double sigma, double tailProbability, double tailMeanUs, double tailMaxUs, double stallsPerHour,
        double stallMinMs, double stallMaxMs, double readyUs, double readySigma, double gridUs, double missing,
        List<Busy> busy, List<Step> steps) {

    private static final double SWEEPING_PPM = 30;

    /** For a while the delay has another median. */
    public record Busy(double atS, double forS, double medianUs) {
    }

    /** The device's clock jumps, its items are lost without a word, or its phase moves. */
    public record Step(double atS, double byUs, int lostItems, double phaseUs) {
    }

    /** The same device on a quiet day: nothing happens to it, and it drifts, so that a grid is swept. */
    public Scenario quiet(double seconds) {
        double ppm = Math.abs(driftPpm) < SWEEPING_PPM ? SWEEPING_PPM : driftPpm;
        return new Scenario(name, audio, seconds, tickHz, itemTicks, ppm, 0, wanderPpm, wanderPeriodS, walkPpb, floorUs,
                medianUs, sigma, tailProbability, tailMeanUs, tailMaxUs, stallsPerHour, stallMinMs, stallMaxMs, readyUs,
                readySigma, gridUs, missing, List.of(), List.of());
    }

    /**
     * The same with another drift and in another time: what happens, happens {@code scale} times as late, and the run
     * ends after {@code seconds}.
     */
    public Scenario scaled(double scale, double seconds, double ppm, double spreadPpm) {
        return new Scenario(name, audio, seconds, tickHz, itemTicks, ppm, spreadPpm, wanderPpm,
                wanderPeriodS, walkPpb, floorUs, medianUs, sigma, tailProbability, tailMeanUs, tailMaxUs, stallsPerHour,
                stallMinMs, stallMaxMs, readyUs, readySigma, gridUs, missing,
                busy.stream().map(each -> new Busy(each.atS * scale, each.forS * scale, each.medianUs)).toList(),
                steps.stream().map(each -> new Step(each.atS * scale, each.byUs, each.lostItems, each.phaseUs))
                        .toList());
    }
}
