// SPDX-License-Identifier: Apache-2.0
package mimir.sync.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import mimir.api.time.ClockMap;
import mimir.ring.HostClock;
import mimir.ring.HostMap;
import org.junit.jupiter.api.Test;

/** Times of another host follow what is found of its clock, and never go back. */
class OtherHostTest {
    private static final long S = 1_000_000_000;
    private static final long AHEAD = 1L << 58;

    @Test
    void shouldTakeTheFirstAndWhatIsFarOffAsItIs() {
        var first = OtherHost.follow(null, found(AHEAD, 5 * S, 1 - 4e-5));
        assertThat(first.here(AHEAD + 10 * S)).isEqualTo(15 * S - 400_000);
        var after = OtherHost.follow(first, found(AHEAD + S, 7 * S, 1));
        assertThat(after.here(AHEAD + S)).isEqualTo(7 * S);
    }

    @Test
    void shouldWorkOffACorrectionWithoutAJump() {
        HostMap map = OtherHost.follow(null, found(AHEAD, 0, 1));
        long last = map.here(AHEAD);
        for (int half = 1; half <= 40; half++) {
            long at = AHEAD + half * S / 2;
            assertThat(map.here(at)).isGreaterThan(last);
            last = map.here(at);
            map = OtherHost.follow(map, found(at, half * S / 2 - 2_000_000, 1)); // 2 ms less than was thought
            assertThat(map.here(at)).as("goes on from where it was").isEqualTo(last);
        }
        assertThat(map.here(AHEAD + 20 * S) - 20 * S).isCloseTo(-2_000_000L, within(2_000L));
    }

    @Test
    void shouldNameClocksByKindAndHost() {
        assertThat(HostClock.id() >>> 56).isEqualTo(HostClock.MONOTONIC_RAW);
        assertThat(HostClock.id(HostClock.QPC, "a") >>> 56).isEqualTo(HostClock.QPC);
        assertThat(HostClock.id(HostClock.QPC, "a")).isNotEqualTo(HostClock.id(HostClock.QPC, "b"));
    }

    private static ClockMap found(long otherNs, long hereNs, double rate) {
        return new ClockMap("host", 1, 0, otherNs, hereNs, rate, 1, "m");
    }
}
