// SPDX-License-Identifier: Apache-2.0
package mimir.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Arrivals on a grid of 1 ms, three a tick. */
class GridPhaseTest {
    private static final double GRID_NS = 1e6;
    private static final int TICKS = 60_000;

    private final GridPhase phase = new GridPhase();

    @Test
    void shouldKnowAPhaseThatStays() {
        feed(s -> 0);
        assertThat(phase.phase()).isCloseTo(300e3, within(1e3));
        assertThat(phase.half()).isLessThan(1e3);
    }

    @Test
    void shouldDoubtAPhaseThatMovesWithTheLoad() {
        feed(s -> s / 10 % 2 < 1 ? 0 : 20e3);
        assertThat(phase.half()).isBetween(10e3, 40e3);
    }

    private void feed(DoubleUnaryOperator lateNs) {
        phase.begin(GRID_NS, 305e3, 6e3);
        for (int tick = 0; tick < TICKS; tick++) {
            for (int item = 0; item < 3; item++) {
                phase.add(tick * GRID_NS + 300e3 + item * 5e3 + lateNs.applyAsDouble(tick * GRID_NS / 1e9));
            }
        }
    }
}
