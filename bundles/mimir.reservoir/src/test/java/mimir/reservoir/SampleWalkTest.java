// SPDX-License-Identifier: Apache-2.0
package mimir.reservoir;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Random;
import mimir.api.time.ClockMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Samples between two instants, compared with a list of all samples that there are. */
@Timeout(60)
class SampleWalkTest {
    private static final long MS = 1_000_000;

    @Test
    void shouldCutBlocksAtTheSample() {
        try (var sound = new SoundFeed(2, 10, 1_000)) { // a sample a millisecond
            sound.blocks(10);
            var runs = sound.runs(sound.timeNs(25), sound.timeNs(47));

            assertThat(runs).containsExactly("25-29", "30-39", "40-46");
        }
    }

    @Test
    void shouldShowSamplesWhereTheyLie() {
        try (var sound = new SoundFeed(2, 10, 1_000)) {
            sound.blocks(3);
            var walk = sound.walk(sound.timeNs(12), sound.timeNs(15));
            assertThat(walk.next()).isTrue();

            var samples = walk.block().samples(1, walk.first(), (int) walk.frames());
            var memory = sound.feed.ingest.log().memory();
            assertThat(samples.byteSize()).isEqualTo(3 * Float.BYTES);
            assertThat(samples.address()).isEqualTo(walk.block().memory().address() + walk.block().channelOffset(1)
                    + 2 * Float.BYTES).isBetween(memory.address(), memory.address() + memory.byteSize());
            assertThat(walk.fromNs()).isEqualTo(sound.timeNs(12));
            assertThat(walk.toNs()).isEqualTo(sound.timeNs(15));
            assertThat(walk.next()).isFalse();
        }
    }

    @Test
    void shouldShowWhatTheDeviceCountedAsMissing() {
        try (var sound = new SoundFeed(1, 10, 1_000)) {
            sound.blocks(2).lose(3).blocks(1);

            assertThat(sound.runs(sound.timeNs(0), sound.timeNs(60)))
                    .containsExactly("0-9", "10-19", "gap 30 exact", "50-59");
            assertThat(sound.runs(sound.timeNs(15), sound.timeNs(35))).containsExactly("15-19", "gap 15");
            assertThat(sound.runs(sound.timeNs(35), sound.timeNs(55))).containsExactly("gap 15", "50-54");
            assertThat(sound.runs(sound.timeNs(22), sound.timeNs(25))).containsExactly("gap 3");
        }
    }

    @Test
    void shouldTellEpochsApartEvenWhereNoTimePassed() {
        try (var sound = new SoundFeed(1, 10, 1_000)) {
            sound.blocks(1).epoch().blocks(1);
            sound.pass(7 * MS).epoch().blocks(1);

            assertThat(sound.runs(Long.MIN_VALUE, Long.MAX_VALUE))
                    .containsExactly("0-9", "gap 0", "0-9", "gap 7", "0-9");
        }
    }

    @Test
    void shouldNotBelieveACountThatTheHostClockDoesNotBearOut() {
        try (var sound = new SoundFeed(1, 10, 1_000)) {
            sound.blocks(1).count(1_000_000).blocks(1).count(5).blocks(1);

            assertThat(sound.runs(Long.MIN_VALUE, Long.MAX_VALUE))
                    .containsExactly("0-9", "gap 0", "1000000-1000009", "gap 0", "5-14");
        }
    }

    @Test
    void shouldGoOnWhenMoreHasCome() {
        try (var sound = new SoundFeed(1, 10, 1_000)) {
            var walk = sound.blocks(1).walk(sound.timeNs(4), Long.MAX_VALUE);
            assertThat(walk.next()).isTrue();
            assertThat(walk.next()).isFalse();
            sound.blocks(1);
            assertThat(walk.next()).isTrue();
            assertThat(walk.frames()).isEqualTo(10);
        }
    }

    @Test
    void shouldTakeTheTimeFromTheClockMap() {
        try (var sound = new SoundFeed(1, 10, 1_000)) {
            sound.delay(30 * MS).blocks(10);
            sound.map = new ClockMap("audio", 1, 0, 0, sound.timeNs(0), 1e6, 5_000, "test");
            var walk = sound.walk(sound.timeNs(25), sound.timeNs(47));
            assertThat(walk.next()).isTrue();

            assertThat(walk.uncertaintyNs()).isEqualTo(5_000);
            assertThat(sound.runs(sound.timeNs(25), sound.timeNs(47))).containsExactly("25-29", "30-39", "40-46");
            sound.map = new ClockMap("audio", 2, 0, 0, sound.timeNs(0), 1e6, 5_000, "another epoch");
            assertThat(sound.runs(sound.timeNs(55), sound.timeNs(77))).containsExactly("25-29", "30-39", "40-46");
        }
    }

    /** Whatever is cut where, each sample comes once. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void shouldLeaveOutNoSampleAndShowNoneTwice(long seed) {
        var random = new Random(seed);
        int rate = new int[] {1_000, 44_100, 192_000}[random.nextInt(3)];
        try (var sound = new SoundFeed(1 + random.nextInt(3), 1 + random.nextInt(64), rate)) {
            long begin = sound.nowNs();
            for (int i = 0; i < 150; i++) {
                switch (random.nextInt(12)) {
                    case 0 -> sound.lose(1 + random.nextInt(4));
                    case 1 -> sound.pass(random.nextInt(50) * MS).epoch();
                    default -> sound.jitter(random.nextInt(3) * MS / 2).blocks(1 + random.nextInt(3));
                }
            }
            sound.jitter(0).blocks(1);
            if (random.nextBoolean()) {
                sound.map = new ClockMap("audio", 1, 0, 0, begin, 1e9 / rate, 1, "test");
            }
            long end = sound.nowNs() + MS;
            assertThat(sound.samples(begin, end).equals(sound.published())).as("seed " + seed).isTrue();
            for (int turn = 0; turn < 50; turn++) {
                long cut = random.nextLong(begin, end);
                var parts = sound.samples(begin, cut);
                parts.addAll(sound.samples(cut, end));
                assertThat(parts.equals(sound.published())).as("seed %d, cut at %d", seed, cut).isTrue();
            }
        }
    }

    @Test
    void shouldAllocateNothingPerRun() {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (var sound = new SoundFeed(2, 2, 48_000)) {
            sound.blocks(10_000);
            for (int turn = 0; turn < 10; turn++) {
                count(sound.walk(0, Long.MAX_VALUE));
            }
            var walk = sound.walk(0, Long.MAX_VALUE);
            long before = threads.getCurrentThreadAllocatedBytes();
            int runs = count(walk);
            double each = (threads.getCurrentThreadAllocatedBytes() - before) / 10_000.0;
            assertThat(runs).isGreaterThanOrEqualTo(10_000);
            assertThat(each).isLessThanOrEqualTo(0.5);
        }
    }

    private static int count(SampleWalk walk) {
        int runs = 0;
        while (walk.next()) {
            runs++;
        }
        return runs;
    }
}
