// SPDX-License-Identifier: Apache-2.0
package mimir.sync;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which items of a bucket tell of a grid, and when a camera that loses frames has not stepped. */
class BucketTest {
    private static final double GRID = 4e6;
    private static final double GAP = GRID / 6;

    private final Bucket bucket = new Bucket();
    private final StepWatch steps = new StepWatch();

    @Test
    void shouldCountNoFurtherThanALostItem() {
        count(0, 5, false, true);
        count(6, 16, false, true);
        assertThat(bucket.longest()).isEqualTo(10);
    }

    @Test
    void shouldNotCountWhatMissedItsTick() {
        count(0, 6, true, true);
        bucket.count(GRID + 1, true, GRID);
        count(0, 4, true, true);
        assertThat(bucket.longest()).isEqualTo(6);
    }

    @Test
    void shouldForgetItemsThatTurnOutToHaveMissedTheirTick() {
        bucket.count(GRID + 1, true, GRID);
        bucket.count(GRID + 1, true, GRID);
        bucket.count(0, true, GRID);
        assertThat(bucket.longest()).isEqualTo(1);
    }

    @Test
    void shouldTakeALostPhaseForNoStep() {
        steps.arm(true, 1.05 * GAP, 1e5, 6, false);
        boolean found = false;
        for (int frame = 1; frame < 60; frame++) {
            boolean lost = frame % 6 == 0;
            found |= !lost && steps.look(frame % 6 * GAP, frame, frame, 16.7e6 * frame, frame % 6 != 1, false);
        }
        assertThat(found).isFalse();
    }

    @Test
    void shouldFindAStepByEachPhaseTwice() {
        steps.arm(true, 1.05 * GAP, 1e5, 6, false);
        int frame = 0;
        while (frame < 60 && !steps.look((1.1 + frame % 6) * GAP, frame, frame, 16.7e6 * frame, frame != 3, false)) {
            frame++;
        }
        assertThat(frame).isEqualTo(15);
    }

    @Test
    void shouldAskForEachPhaseOnceMoreWhereItemsScatter() {
        steps.arm(true, 1.05 * GAP, 1e5, 6, true);
        int frame = 0;
        while (frame < 60 && !steps.look((1.1 + frame % 6) * GAP, frame, frame, 16.7e6 * frame, true, false)) {
            frame++;
        }
        assertThat(frame).isEqualTo(17);
    }

    private void count(int from, int to, boolean firstFollows, boolean follow) {
        for (int i = from; i < to; i++) {
            bucket.count(i % 6 * GAP, i == from ? firstFollows : follow, GRID);
            bucket.add(i % 6 * GAP, i, 0);
        }
    }
}
