// SPDX-License-Identifier: Apache-2.0
package mimir.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Minima twice a second for four minutes, a tenth of the spread above the truth, give or take a fortieth. */
class SwellTest {
    private static final double S = 1e9;
    private static final double SPREAD = 40e3;
    private static final double NOISE = SPREAD / 40;
    private static final int MINIMA = 480;
    private static final int SETTLED = 60;

    private final Random random = new Random(4);
    private final Minima minima = new Minima();
    private final WindowFit fit = new WindowFit(true);
    private final Depths depths = new Depths(true);
    private final Swell swell = new Swell();
    private final double[] errors = new double[MINIMA - SETTLED];
    private final double[] halves = new double[MINIMA - SETTLED];

    @Test
    void shouldAddNothingToNoise() {
        feed(s -> 0, 0);
        assertThat(swell.ns()).isLessThan(0.2 * NOISE);
        assertThat(halves[halves.length - 1]).isLessThan(3 * NOISE);
        assertThat(held()).isGreaterThan(0.95);
    }

    @Test
    void shouldHoldWhereDelaysSwellForSeconds() {
        var level = new double[1];
        feed(s -> level[0] = 0.9 * level[0] + 0.87 * NOISE * random.nextGaussian(), 0); // 2 sigma of noise, for 5 s
        assertThat(swell.ns()).isBetween(0.5 * NOISE, 3 * NOISE);
        assertThat(held()).isGreaterThan(0.95);
    }

    @Test
    void shouldNotTakeAKnownChangeOfTheRateForASwell() {
        feed(s -> 0, 1e-7 / S);
        assertThat(swell.ns()).isLessThan(0.5 * NOISE);
    }

    @Test
    void shouldNotTakeStallsForASwell() {
        feed(s -> s % 20 >= 19 ? 1e6 : 0, 0);
        assertThat(swell.ns()).isLessThan(0.5 * NOISE);
    }

    @Test
    void shouldRememberBehindAStepAndForgetWhenTold() {
        feed(s -> s / 10 % 2 < 1 ? 0 : 5 * NOISE, 0);
        swell.restart();
        assertThat(swell.ns()).isGreaterThan(NOISE);
        swell.reset();
        assertThat(swell.ns()).isZero();
    }

    private void feed(DoubleUnaryOperator laterNs, double ofRate) {
        for (int i = 0; i < MINIMA; i++) {
            double u = i * S / 2;
            double z = SPREAD / 10 + NOISE * random.nextGaussian() + laterNs.applyAsDouble(u / S) + ofRate * u * u / 2;
            minima.add(u, z, 0, SPREAD);
            depths.add(NOISE / SPREAD, SPREAD, true);
            swell.look(minima, u, ofRate * u, ofRate, depths);
            fit.solve(minima, u, 0, 1e-8);
            if (i >= SETTLED) {
                errors[i - SETTLED] = fit.at(u);
                halves[i - SETTLED] = fit.half(u);
            }
        }
    }

    /** Share of the looks in which the interval held, constant delay apart. */
    private double held() {
        var sorted = errors.clone();
        Arrays.sort(sorted);
        int held = 0;
        for (int i = 0; i < errors.length; i++) {
            held += Math.abs(errors[i] - sorted[sorted.length / 2]) <= halves[i] ? 1 : 0;
        }
        return held / (double) errors.length;
    }
}
