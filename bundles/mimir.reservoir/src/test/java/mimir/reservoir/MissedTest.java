// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import mimir.api.reservoir.Missing;
import mimir.ring.Abi;
import mimir.ring.Descriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not in the reservoir is told by reason and time, and of a stretch of time all of it. */
class MissedTest {
    private static final long PERIOD = 16_000_000;
    private static final long BUDGET = 16L << 20;
    private static final int BYTES = 60_000;
    private static final int GAP_ITEMS_AT = 76; // of a descriptor, see its diagram

    private static Missing of(Feed feed, long from, long to) {
        var track = feed.ingest.track("camera");
        return track.missed.between(from * PERIOD, to * PERIOD, track.evicted());
    }

    private static Feed camera(int frames) {
        var feed = new Feed(BUDGET).source("camera", Abi.ITEM_FRAME, BYTES);
        for (int n = 1; n <= frames; n++) {
            feed.take("camera", n * PERIOD);
        }
        return feed;
    }

    private static long kept(Feed feed, long from, long to) {
        return feed.sequences("camera", from * PERIOD, to * PERIOD).size();
    }

    @Test
    void shouldTellWhatTheEdgeHasPassed() {
        try (var feed = camera(1000)) {
            var missing = of(feed, 1, 1001);
            assertThat(missing).isEqualTo(new Missing(feed.ingest.track("camera").evicted(), 0, 0, 0, 0));
            for (long from = 1; from < 1000; from += 37) {
                assertThat(of(feed, from, 1001).total() + kept(feed, from, 1001)).isEqualTo(1001 - from);
            }
            assertThat(of(feed, 990, 1001)).isEqualTo(Missing.NOTHING);
        }
    }

    /** As it was found: an export after windows had been refused wrote two frames, and said that none was missing. */
    @Test
    void shouldTellWhatAPinHasKeptOutThoughNothingCameAfterIt() {
        try (var feed = camera(100)) {
            try (var pin = feed.pins.pin(10 * PERIOD)) {
                for (int n = 101; n <= 1000; n++) {
                    feed.take("camera", n * PERIOD);
                }
                assertThat(feed.ingest.refused()).isPositive();
                var missing = of(feed, 100, 1001);
                assertThat(missing).isEqualTo(new Missing(0, feed.ingest.refused(), 0, 0, 0));
                assertThat(of(feed, 900, 1001).refused()).as("all of the last").isEqualTo(101);
            }
            feed.take("camera", 1001 * PERIOD).take("camera", 1002 * PERIOD);
            assertThat(of(feed, 900, 1003)).isEqualTo(new Missing(0, 101, 0, 0, 0));
            assertThat(of(feed, 1, 1003).total() + kept(feed, 1, 1003)).isEqualTo(1002);
        }
    }

    @Test
    void shouldTellWhatItWasTooSlowFor() {
        try (var feed = camera(1)) {
            for (int n = 2; n <= 500; n++) {
                feed.publish("camera", n * PERIOD);
            }
            feed.ingest.pass();
            var missing = of(feed, 1, 501);
            assertThat(missing.overtaken()).isPositive().isEqualTo(missing.total()).isEqualTo(500 - kept(feed, 1, 501));
            assertThat(of(feed, 400, 480).total() + kept(feed, 400, 480)).isEqualTo(80);
        }
    }

    @Test
    void shouldTellWhatTheSourceCountedItself() {
        var missed = new Missed();
        missed.sees(new Descriptor().sequence(1), 10 * PERIOD);
        missed.sees(gap(2).sequence(4), 13 * PERIOD);
        missed.sees(new Descriptor().sequence(7), 16 * PERIOD);

        assertThat(missed.between(0, 20 * PERIOD, 0)).isEqualTo(new Missing(0, 0, 2, 0, 2));
        assertThat(missed.between(0, 12 * PERIOD, 0)).isEqualTo(new Missing(0, 0, 0, 0, 1));
        assertThat(missed.between(15 * PERIOD, 20 * PERIOD, 0)).isEqualTo(new Missing(0, 0, 1, 0, 0));
    }

    private static Descriptor gap(int items) {
        var memory = Arena.ofAuto().allocate(Descriptor.BYTES, 64);
        memory.set(ValueLayout.JAVA_INT, GAP_ITEMS_AT, items);
        var item = new Descriptor().load(memory, 0);
        item.addFlags(Descriptor.GAP_BEFORE);
        return item;
    }

    /** However many runs there were, none is forgotten, and stretches side by side add up. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldLoseCountOfNothing(long seed) {
        var random = new Random(seed);
        var missed = new Missed();
        var lost = new ArrayList<long[]>(); // reason, time
        for (int n = 1; n <= 5000; n++) {
            var item = new Descriptor().sequence(n);
            int reason = random.nextInt(40);
            missed.sees(item, n * PERIOD);
            if (reason <= Missed.OVERTAKEN) {
                for (int more = random.nextInt(5); more >= 0 && n <= 5000; more--) {
                    missed.lose(reason, n * PERIOD);
                    lost.add(new long[] {reason, n * PERIOD});
                    n++;
                    missed.sees(new Descriptor().sequence(n), n * PERIOD);
                }
            }
            missed.took();
        }
        var all = missed.between(0, Long.MAX_VALUE, 0);
        assertThat(List.of(all.refused(), all.overtaken())).containsExactly(count(lost, Missed.REFUSED, 0),
                count(lost, Missed.OVERTAKEN, 0));
        long late = lost.get(lost.size() - 20)[1];
        assertThat(missed.between(late, Long.MAX_VALUE, 0).total()).as("the latest are told exactly")
                .isEqualTo(count(lost, Missed.REFUSED, late) + count(lost, Missed.OVERTAKEN, late));
        long cut = random.nextLong(5000 * PERIOD);
        assertThat(missed.between(0, cut, 0).and(missed.between(cut, Long.MAX_VALUE, 0))).isEqualTo(all);
    }

    private static long count(List<long[]> lost, int reason, long from) {
        return lost.stream().filter(one -> one[0] == reason && one[1] >= from).count();
    }
}
