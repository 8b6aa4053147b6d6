// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import mimir.api.reservoir.Reservoir;
import mimir.api.reservoir.ReservoirCursor;
import mimir.api.reservoir.ReservoirStats;
import mimir.ring.HostClock;
import org.junit.jupiter.api.Test;

class ReservoirLookTest {
    private static final long S = 1_000_000_000L;
    private static final int BYTES = 1_000_000 - 192; // and what stands before each

    private final long now = HostClock.nowNs();
    private long[] items = {};

    /** Ten items a second from one instant to another, and a look at them. */
    private ReservoirLook look(long fromNs, long toNs, long pinned, long refused) {
        items = LongStream.range(0, (toNs - fromNs) / (S / 10)).map(i -> fromNs + i * S / 10).toArray();
        var stats = new ReservoirStats(100_000_000, 100_000_000, 0, pinned, fromNs, toNs, 0, refused,
                List.of(new ReservoirStats.PerSource("cam", items.length, (long) items.length * BYTES, 1)));
        var reservoir = (Reservoir) Proxy.newProxyInstance(Reservoir.class.getClassLoader(),
                new Class<?>[] {Reservoir.class}, (proxy, method, words) -> method.getName().equals("stats") ? stats
                        : cursor((long) words[1], (long) words[2]));
        return ReservoirLook.at(reservoir, new FakeServices());
    }

    private ReservoirCursor cursor(long fromNs, long toNs) {
        var left = Arrays.stream(items).filter(ns -> ns >= fromNs && ns < toNs).iterator();
        return (ReservoirCursor) Proxy.newProxyInstance(ReservoirCursor.class.getClassLoader(),
                new Class<?>[] {ReservoirCursor.class}, (proxy, method, words) -> switch (method.getName()) {
                    case "next" -> {
                        boolean more = left.hasNext();
                        if (more) {
                            left.next();
                        }
                        yield more;
                    }
                    case "nearest" -> items.length > 0;
                    case "canonicalNs" -> items[items.length - 1];
                    case "length" -> (long) BYTES;
                    default -> throw new AssertionError(method);
                });
    }

    @Test
    void shouldForecastFromWhatCame() {
        assertThat(look(now - 5 * S, now, 0, 0).forecastS()).isCloseTo(10, within(0.6));
        assertThat(look(now - 5 * S, now - 3 * S, 0, 0).forecastS()).as("nothing comes").isNull();
    }

    @Test
    void shouldForecastFromWhatCameBeforeThereWasNoRoom() {
        var full = look(now - 5 * S, now - 1 * S, 90_000_000, 30);
        assertThat(full.forecastS()).isCloseTo(10, within(0.6));
        assertThat(full.rates().getFirst().itemsPerS()).isCloseTo(10, within(0.6));
        assertThat(full.fullInS()).isCloseTo(1, within(0.1));
        assertThat(look(now - 9 * S, now - 8 * S, 0, 30).forecastS()).as("nothing comes").isNull();
    }
}
