// SPDX-License-Identifier: Apache-2.0
package mimir.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class DepthsTest {
    private static final double S = 1e9;

    private final Minima minima = new Minima();
    private final WindowFit fit = new WindowFit(true);
    private final Random random = new Random(3);

    @Test
    void shouldStayWhenAllDelaysGrowThreefold() {
        feed(0, 60, 60e3);
        double before = fit.at(60 * S);
        feed(60, 62, 180e3);
        assertThat(fit.at(62 * S)).isCloseTo(before, within(4e3));
        feed(62, 120, 180e3);
        assertThat(fit.at(120 * S)).isCloseTo(before, within(fit.half(120 * S)));
        feed(120, 180, 60e3);
        assertThat(fit.at(180 * S)).isCloseTo(before, within(fit.half(180 * S)));
        assertThat(fit.half(180 * S)).isLessThan(5e3);
    }

    @Test
    void shouldLeaveErrorsOnBothSidesWhereTheyAre() {
        var both = new WindowFit(false);
        for (int i = 0; i < 60; i++) {
            minima.add(i * S, 1e3 * random.nextGaussian(), 0, 1e3);
            both.solve(minima, i * S, 0, 1e-8);
        }
        assertThat(both.at(59 * S)).isCloseTo(0, within(both.half(59 * S)));
        assertThat(both.half(59 * S)).isLessThan(5e3);
    }

    /** Two minima a second, an eighth of the spread above the truth, give or take a fortieth. */
    private void feed(int fromS, int untilS, double spread) {
        for (int i = 2 * fromS; i < 2 * untilS; i++) {
            minima.add(i * S / 2, spread * (0.125 + 0.025 * random.nextGaussian()), 0, spread);
            fit.solve(minima, i * S / 2, 0, 1e-8);
        }
    }
}
