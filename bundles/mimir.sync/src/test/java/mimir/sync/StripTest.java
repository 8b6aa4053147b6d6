// SPDX-License-Identifier: Apache-2.0
package mimir.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class StripTest {
    private static final double S = 1e9;
    private static final double PAD = 1e3;

    private final Minima minima = new Minima();
    private final Strip strip = new Strip();

    @Test
    void shouldHoldTheTruthAndBeAsWideAsTrialSays() {
        var random = new Random(2);
        for (int round = 0; round < 200; round++) {
            minima.clear();
            double slope = 1e-4 * random.nextGaussian();
            double end = 40 * S;
            for (int i = 0; i < 40; i++) {
                double slack = 5e5 * (0.1 + random.nextDouble());
                minima.add(i * S, slope * i * S + slack * random.nextDouble(), slack, 0);
            }
            assertThat(strip.fit(minima, 0, end, 0, 0, -1e-2, 1e-2)).isTrue();
            assertThat(Math.abs(strip.z - slope * end)).isLessThanOrEqualTo(strip.half);
            assertThat(Math.abs(strip.slope - slope)).isLessThanOrEqualTo(strip.slopeHalf);
            double[] tried = bySteps(end, strip.slope, 3 * strip.slopeHalf);
            assertThat(2 * strip.half).isCloseTo(tried[1] - tried[0], within(0.02 * (tried[1] - tried[0]) + 10));
        }
    }

    @Test
    void shouldSayWhenNoLineFits() {
        for (int i = 0; i < 10; i++) {
            minima.add(i * S, i == 5 ? -1e6 : 0, 1e5, 0);
        }
        assertThat(strip.fit(minima, 0, 10 * S, 0, 0, -1e-2, 1e-2)).isFalse();
        assertThat(strip.fit(minima, 6, 10 * S, 0, 0, -1e-2, 1e-2)).isTrue();
    }

    @Test
    void shouldWidenWithAgeByWhatTheRateMayHaveChanged() {
        minima.add(0, 0, 1e3, 0);
        minima.add(100 * S, 0, 1e5, 0);
        strip.fit(minima, 0, 100 * S, 0, 0, -1e-2, 1e-2);
        double narrow = strip.slopeHalf;
        strip.fit(minima, 0, 100 * S, 5e-18, 0, -1e-2, 1e-2);
        assertThat(strip.slopeHalf - narrow).isCloseTo(5e-18 * 100 * S / 2, within(1e-12));
    }

    @Test
    void shouldWidenByWhatItemsAreLateForTheirGrid() {
        minima.add(0, 0, 1e5, 0);
        minima.add(10 * S, 0, 1e5, 0);
        strip.fit(minima, 0, 10 * S, 0, 0, -1e-2, 1e-2);
        double narrow = strip.half;
        strip.fit(minima, 0, 10 * S, 0, 2e4, -1e-2, 1e-2);
        assertThat(strip.half - narrow).isCloseTo(2e4, within(1.0));
    }

    /** Least and greatest value at the end over slopes tried one by one. */
    private double[] bySteps(double end, double middle, double reach) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (int step = -3000; step <= 3000; step++) {
            double slope = middle + reach * step / 3000;
            double roof = Double.POSITIVE_INFINITY;
            double floor = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < minima.size(); i++) {
                double here = minima.z[i] + slope * (end - minima.u[i]);
                roof = Math.min(roof, here + PAD);
                floor = Math.max(floor, here - PAD - minima.slack[i]);
            }
            if (floor <= roof) {
                least = Math.min(least, floor);
                most = Math.max(most, roof);
            }
        }
        return new double[] {least, most};
    }
}
