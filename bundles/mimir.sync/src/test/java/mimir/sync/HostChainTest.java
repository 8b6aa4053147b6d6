// SPDX-License-Identifier: Apache-2.0
package mimir.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A device of another host, such as a helper whose clock is QPC: item by item its host's time, then ours. */
class HostChainTest {
    private static final double DEVICE_RATE = 1 + 30e-6;  // ns of its host in a nominal ns
    private static final double HOST_RATE = 1 - 17e-6;    // ns of ours in one of that host's
    private static final long HOST_AHEAD = 1L << 55;
    private static final long BLOCK = 64;
    private static final double NS_PER_TICK = 1e9 / 48_000;

    private final ClockEstimator device = new ClockEstimator(NS_PER_TICK);
    private final ClockEstimator host = new ClockEstimator(1);
    private final HostChain chain = new HostChain(device.map(), host.map());
    private final SplittableRandom random = new SplittableRandom(2);

    @Test
    void shouldMapADeviceThroughTheClockOfItsHost() {
        assertThat(chain.present()).isFalse();
        assertThat(chain.snapshot("mic", "m")).isNull();
        long item = 0;
        while (item < 60 * 750) {
            item++;
            long seen = HOST_AHEAD + Math.round(item * BLOCK * NS_PER_TICK * DEVICE_RATE + late());
            device.observe(item * BLOCK, seen);
            host.observe(seen, Math.round((seen - HOST_AHEAD) * HOST_RATE + late()));
        }
        double truth = item * BLOCK * NS_PER_TICK * DEVICE_RATE * HOST_RATE;
        assertThat(chain.canonicalNs(item * BLOCK) - truth).isCloseTo(0, within(15e3));
        assertThat(chain.uncertaintyNs()).isBetween(100.0, 15e3);
        var map = chain.snapshot("mic", "m");
        assertThat(map.canonicalNs(item * BLOCK)).isCloseTo(chain.canonicalNs(item * BLOCK), within(5L));
        assertThat(map.nsPerTick() / NS_PER_TICK - 1).isCloseTo(13e-6, within(5e-7));
        assertThat(map.segment()).isZero();
    }

    @Test
    void shouldBeginASegmentWhenTheOtherHostBeginsAnew() {
        device.map().publish(0, 2, 0, 0, 1, 1);
        host.map().publish(1, 0, 0, 0, 1, 1);
        assertThat(chain.snapshot("mic", "m").segment()).isEqualTo(3);
    }

    private double late() {
        return 20_000 * Math.exp(0.6 * random.nextGaussian());
    }
}
