// SPDX-License-Identifier: Apache-2.0
package mimir.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MonotoneClockTest {
    private static final long MS = 1_000_000;

    private final MapCell cell = new MapCell();
    private final MonotoneClock clock = new MonotoneClock(cell);

    @Test
    void shouldHaveNoTimeBeforeTheFirstMap() {
        assertThat(clock.canonicalNs(5)).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void shouldNeverGoBackWhateverTheMapDoes() {
        var random = new SplittableRandom(1);
        long before = Long.MIN_VALUE;
        long device = 0;
        for (int i = 0; i < 20_000; i++) {
            if (i % 20 == 0) {
                long off = i % 400 == 0 ? random.nextLong(-500 * MS, 500 * MS) : random.nextLong(-MS, MS);
                device = i % 2000 == 0 ? 0 : device;
                cell.publish(i / 2000, 0, device, i * 10 * MS + off, 1 + 1e-4 * (random.nextDouble() - 0.5), 1);
            }
            device += 10 * MS;
            long now = clock.canonicalNs(device);
            assertThat(now).isGreaterThanOrEqualTo(before);
            before = now;
        }
    }

    @Test
    void shouldWorkOffACorrectionSlowlyAndArriveAtTheMap() {
        cell.publish(0, 0, 0, 0, 1, 1);
        assertThat(clock.canonicalNs(1000 * MS)).isEqualTo(1000 * MS);
        cell.publish(0, 0, 1000 * MS, 999 * MS, 1, 1);
        assertThat(clock.canonicalNs(1000 * MS)).isEqualTo(1000 * MS);
        assertThat(clock.canonicalNs(2000 * MS)).isCloseTo(1999 * MS + MS / 2, within(1000L));
        assertThat(clock.canonicalNs(4000 * MS)).isEqualTo(3999 * MS);
    }
}
