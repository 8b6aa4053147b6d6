// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeapUseTest {
    private static final long SECOND_NS = 1_000_000_000;
    private static final int MIB = 1 << 20;

    private final HeapUse heap = new HeapUse();
    private Object kept = "";

    @Test
    void shouldJudgeFromTheFirstLookOn() {
        assertThat(heap.perSecond(500, 0)).isZero();
        assertThat(heap.perSecond(700, SECOND_NS / 10)).as("at once, not when the second is over").isEqualTo(200);
        assertThat(heap.perSecond(800, SECOND_NS)).isEqualTo(300);
        assertThat(heap.perSecond(900, SECOND_NS * 3 / 2)).as("the next second").isEqualTo(100);
    }

    @Test
    void shouldTakeTheMeanWhereNobodyHasLookedForLong() {
        heap.perSecond(0, 0);
        assertThat(heap.perSecond(1_000, 4 * SECOND_NS)).isEqualTo(250);
    }

    @Test
    void shouldForgetWhatWasBeforeARestart() {
        heap.perSecond(0, 0);
        heap.perSecond(1_000, 1);
        heap.restart();
        assertThat(heap.perSecond(1_000, 2)).isZero();
        assertThat(heap.perSecond(1_010, 3)).isEqualTo(10);
    }

    @Test
    void shouldLetBeginAllocate() throws Exception {
        heap.perSecond(0, 0);
        heap.apart(() -> kept = new byte[MIB]);
        assertThat(kept).isNotNull();
        assertThat(heap.perSecond(0, 1)).as("begin is over, its run is not").isZero();
        assertThat(heap.perSecond(MIB + 100, 2)).isLessThanOrEqualTo(100);
    }
}
