// SPDX-License-Identifier: Apache-2.0
package mimir.syncbench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The short form of the alignment rows of {@code ./mimir sync-bench}: few trials, same goals, same allowance. */
class ShortAlignmentTest {
    private static final double GATE = 1.25;

    @Test
    void shouldReachTheBoundOfDelay() {
        var trials = AlignmentRows.SOUND.run(40, 500);

        assertThat(trials.rmsNs()).isLessThan(GATE * AlignmentRows.ABOVE_BOUND * AlignmentRows.SOUND.boundNs());
        assertThat(trials.covered()).isGreaterThanOrEqualTo(35);
        assertThat(AlignmentRows.SOUND.unrelated(10, 500).claimed()).isZero();
    }

    @Test
    void shouldAlignCamerasByWhatMoves() {
        var trials = AlignmentRows.MOTION.run(6, 500);

        assertThat(trials.rmsNs()).isLessThan(GATE * 200e3);
        assertThat(trials.covered()).isGreaterThanOrEqualTo(4);
        assertThat(AlignmentRows.MOTION.unrelated(4, 500).claimed()).isZero();
    }

    @Test
    void shouldAlignACameraByALamp() {
        var code = AlignmentRows.LIGHT.code(3, 500);
        var flashes = AlignmentRows.LIGHT.flashes(2, 500);

        assertThat(2 * code.rmsNs()).isLessThan(GATE * 100e3);
        assertThat(code.covered() + flashes.covered()).isGreaterThanOrEqualTo(4);
    }
}
