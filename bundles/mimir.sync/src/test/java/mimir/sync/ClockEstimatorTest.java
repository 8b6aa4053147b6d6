// SPDX-License-Identifier: Apache-2.0
package mimir.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What the estimator does with arrivals of one kind; how well it does in general, mimir.syncbench says. */
class ClockEstimatorTest {
    private static final double RATE = 1 + 42e-6;
    private static final long BLOCK = 64;
    private static final double NS_PER_TICK = 1e9 / 192_000;
    private static final long HOST = 1L << 60;
    private static final long DEVICE = 1L << 40;

    private final ClockEstimator estimator = new ClockEstimator(NS_PER_TICK);
    private final SplittableRandom random = new SplittableRandom(1);
    private long items;

    @Test
    void shouldFindRateAndOffset() {
        feed(30, 0, 0);
        assertThat(1 + estimator.rate()).isCloseTo(RATE, within(2e-7));
        assertThat(errorNs(0)).isCloseTo(0, within(5e3));
        assertThat(estimator.map().uncertaintyNs()).isBetween(100.0, 10e3);
        assertThat(estimator.map().snapshot("mic", "m").segment()).isZero();
    }

    @Test
    void shouldBeginASegmentAtAStepAndKeepTheRate() {
        feed(60, 0, 0);
        feed(1, 5_000_000, 0);
        assertThat(estimator.segment()).isEqualTo(1);
        assertThat(1 + estimator.rate()).isCloseTo(RATE, within(3e-7));
        assertThat(errorNs(5_000_000)).isCloseTo(0, within(20e3));
    }

    @Test
    void shouldTakeNoStallForAStep() {
        feed(10, 0, 0);
        feed(0.05, 0, 30_000_000);
        feed(5, 0, 0);
        assertThat(estimator.segment()).isZero();
    }

    @Test
    void shouldCarryTheRateAndNoOffsetIntoAnEpoch() {
        feed(60, 0, 0);
        estimator.epoch(7);
        feed(0.5, 123_456_789, 0);
        var map = estimator.map().snapshot("mic", "m");
        assertThat(map.epoch()).isEqualTo(7);
        assertThat(1 + estimator.rate()).isCloseTo(RATE, within(1e-6));
        assertThat(errorNs(123_456_789)).isCloseTo(0, within(30e3));
    }

    /** Blocks of 4 ms, the first ones late: their rate seems another one, and they seem to be on a grid of 1 ms. */
    @Test
    void shouldTakeNoRateThatIsJustBeingFoundForAGrid() {
        var slow = new ClockEstimator(1);
        for (long i = 0; i < 2500; i++) {
            long ready = (long) (i * 4_000_000 * RATE);
            long late = (long) (20_000 * Math.exp(0.6 * random.nextGaussian()));
            slow.observe(i * 4_000_000, HOST + ready + late + Math.max(0, 20_000_000 - i * 200_000));
            assertThat(slow.gridNs()).isZero();
        }
        assertThat(1 + slow.rate()).isCloseTo(RATE, within(1e-5));
    }

    @Test
    void shouldStartWarm() {
        estimator.warm(RATE - 1, 1e-7);
        feed(0.5, 0, 0);
        assertThat(1 + estimator.rate()).isCloseTo(RATE, within(1e-6));
    }

    @Test
    void shouldAllocateNothingPerObservation() {
        feed(5, 0, 0);
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 3; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            feed(20, 0, 0);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least).isLessThan(20 * 3000 / 2);
    }

    /** So many seconds of blocks, later by {@code offsetNs}, none before {@code heldNs} from here have passed. */
    private void feed(double seconds, long offsetNs, long heldNs) {
        long held = hostNs() + heldNs;
        for (long i = 0; i < seconds * 3000; i++) {
            items++;
            long late = (long) (20_000 * Math.exp(0.6 * random.nextGaussian()));
            estimator.observe(DEVICE + items * BLOCK, Math.max(held, hostNs() + offsetNs + late));
        }
    }

    private long hostNs() {
        return HOST + (long) (items * BLOCK * NS_PER_TICK * RATE);
    }

    private double errorNs(long offsetNs) {
        return estimator.map().canonicalNs(DEVICE + items * BLOCK) - hostNs() - offsetNs;
    }
}
