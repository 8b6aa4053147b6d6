// SPDX-License-Identifier: Apache-2.0
package mimir.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReadinessTest {
    private static final double GRID = 4e6;
    private static final double PERIOD = 1e9 / 60;
    private static final int ITEMS = 20_000;

    private final Random random = new Random(5);
    private final Readiness readiness = new Readiness();

    @BeforeEach
    void begin() {
        readiness.reset(GRID);
        readiness.line(true, 0);
    }

    @Test
    void shouldFindTheMeanOfWhatTheGridHides() {
        sweep(1, 60e3);
        assertThat(readiness.ns()).isCloseTo(60e3, within(12e3));
        assertThat(readiness.scatters()).isTrue();
    }

    @Test
    void shouldCountATailForNoMoreThanItsMean() {
        sweep(0.01, 700e3);
        assertThat(readiness.ns()).isLessThan(12e3);
    }

    @Test
    void shouldSayNothingWhereAllGetTheirTick() {
        sweep(1, 0);
        assertThat(readiness.ns()).isZero();
        assertThat(readiness.scatters()).isFalse();
    }

    @Test
    void shouldSayNothingAsLongAsTheLineIsHardlyKnown() {
        readiness.line(true, GRID / 8);
        sweep(1, 60e3);
        assertThat(readiness.ns()).isZero();
    }

    /** Phases all over the grid; items are late by an exponential time, a share of them. */
    private void sweep(double share, double meanNs) {
        for (int i = 0; i < ITEMS; i++) {
            double phase = random.nextDouble() * GRID;
            double late = random.nextDouble() < share ? -Math.log1p(-random.nextDouble()) * meanNs : 0;
            double residual = phase < late ? phase + GRID : phase;
            readiness.add(residual - GRID, PERIOD);
        }
    }
}
