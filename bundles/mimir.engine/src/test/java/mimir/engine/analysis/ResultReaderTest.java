// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import static mimir.api.analysis.AttachmentState.ABSENT;
import static mimir.api.analysis.AttachmentState.GONE;
import static mimir.api.analysis.AttachmentState.PENDING;
import static mimir.api.analysis.AttachmentState.PRESENT;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import mimir.api.analysis.Analyzer;
import mimir.api.analysis.Attacher;
import mimir.api.analysis.Attachment;
import mimir.api.analysis.Input;
import mimir.api.analysis.Stage;
import mimir.ring.HostClock;
import mimir.ring.Profile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Results are found by key, by sample, by time and live, whatever holes there are between them. */
class ResultReaderTest {
    private final Lab lab = new Lab().camera("cam").microphone("mic");

    @AfterEach
    void close() {
        lab.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldFindEveryKeyBetweenAnyHoles(long seed) {
        var random = new Random(seed);
        var there = new TreeSet<Long>();
        lab.offer("some", () -> (input, to) -> {
            if (random.nextInt(3) > 0) {
                long sequence = input.item().descriptor().sequence();
                to.attach(Blink.class).value(sequence);
                there.add(sequence);
            }
        });
        lab.attach("some", "cam");
        for (int i = 0; i < 40; i++) {
            lab.skip("cam", random.nextInt(4)).take("cam");
        }
        var blinks = lab.blinks("cam");
        long last = lab.skip("cam", 1).take("cam").stage("some").items() * 5;
        for (int i = 0; i < 2_000; i++) {
            long sequence = random.nextLong(last);
            assertThat(blinks.look(1, sequence) == PRESENT).as("%d of %s", sequence, there)
                    .isEqualTo(there.contains(sequence));
            if (there.contains(sequence)) {
                assertThat(blinks.get().value()).isEqualTo(sequence);
                assertThat(blinks.sequence()).isEqualTo(sequence);
            } else {
                assertThat(blinks.get()).isNull();
            }
        }
        assertThat(blinks.look(2, 0)).isEqualTo(PENDING);
        assertThat(blinks.look(0, 0)).isEqualTo(ABSENT);
    }

    @Test
    void shouldReadLiveAndSayWhatItMissed() {
        var blinks = lab.blinks("cam");
        assertThat(blinks.next()).as("nobody attached yet").isFalse();
        lab.offer("blink", Lab::blinker);
        lab.attach("blink", "cam").take("cam", 3);
        for (int i = 0; i < 3; i++) {
            assertThat(blinks.await(0)).isTrue();
            assertThat(blinks.next()).isTrue();
            assertThat(blinks.get().value()).isEqualTo(i);
        }
        assertThat(blinks.next()).isFalse();
        assertThat(blinks.await(1000)).isFalse();
        lab.take("cam", 3_000);
        int read = 0;
        while (blinks.next()) {
            read++;
        }
        assertThat(read).isBetween(512, 1_024);
        assertThat(read + blinks.missed()).isEqualTo(3_000);
        assertThat(blinks.look(1, 100)).as("overtaken").isEqualTo(GONE);
        assertThat(blinks.look(1, 3_002)).isEqualTo(PRESENT);
    }

    @Test
    void shouldGoToATime() {
        long t = HostClock.nowNs();
        lab.offer("blink", Lab::blinker);
        lab.attach("blink", "cam");
        for (int i = 0; i < 20; i++) {
            lab.publish("cam", t + i * 100).run();
        }
        var blinks = lab.blinks("cam");
        blinks.seek(t + 501);
        assertThat(blinks.next()).isTrue();
        assertThat(blinks.hostTimeNs()).isEqualTo(t + 600);
        blinks.seek(t + 500);
        assertThat(blinks.next() && blinks.next()).isTrue();
        assertThat(blinks.hostTimeNs()).isEqualTo(t + 600);
        blinks.seek(t - 1);
        assertThat(blinks.next()).isTrue();
        assertThat(blinks.sequence()).isZero();
        blinks.seek(t + 1901);
        assertThat(blinks.next()).isFalse();
    }

    @Test
    void shouldFindResultsOfSoundBySample() {
        lab.offer("level", Profile.EVERY, Lab.BUDGET_NS, List.of("audio"), List.of(Blink.class), List.of(),
                () -> (input, to) -> {
                    long block = input.item().descriptor().sequence();
                    if (block % 4 == 3) {
                        to.attach(Blink.class).value(block);
                        to.span((block - 3) * 64, 4 * 64);
                    }
                });
        lab.attach("level", "mic").take("mic", 12);
        var spans = lab.blinks("mic");

        assertThat(spans.lookAtSample(1, 0)).isEqualTo(PRESENT);
        assertThat(spans.get().value()).isEqualTo(3);
        assertThat(spans.lookAtSample(1, 511)).isEqualTo(PRESENT);
        assertThat(spans.get().value()).isEqualTo(7);
        assertThat(spans.firstSample()).isEqualTo(256);
        assertThat(spans.sampleFrames()).isEqualTo(256);
        assertThat(spans.lookAtSample(1, 767)).isEqualTo(PRESENT);
        assertThat(spans.lookAtSample(1, 768)).isEqualTo(PENDING);
        assertThat(spans.look(1, 7)).isEqualTo(PRESENT);
        assertThat(spans.look(1, 6)).isEqualTo(ABSENT);
    }

    @Test
    void shouldFailWhoseSpansAreNoneOrGoBack() {
        var spans = new long[][] {{0, 64}, {0, 0}, {64, -5}, {64, 64}, {63, 64}, {64, 10}};
        lab.offer("spans", Profile.EVERY, Lab.BUDGET_NS, List.of("audio"), List.of(Blink.class), List.of(),
                () -> (input, to) -> {
                    long item = input.item().descriptor().sequence();
                    to.span(spans[(int) item][0], (int) spans[(int) item][1]);
                    to.attach(Blink.class).value(item);
                });
        lab.attach("spans", "mic").take("mic", spans.length);

        try (var blinks = lab.blinks("mic")) {
            for (long item : List.of(0, 3, 5)) {
                assertThat(blinks.look(1, item)).isEqualTo(PRESENT);
            }
            for (long item : List.of(1, 2, 4)) {
                assertThat(blinks.look(1, item)).isEqualTo(ABSENT);
            }
            assertThat(blinks.lookAtSample(1, 100)).isEqualTo(ABSENT);
            assertThat(blinks.lookAtSample(1, 70)).isEqualTo(PRESENT);
        }
        assertThat(lab.stage("spans").failures()).isEqualTo(3);
    }

    @Test
    void shouldGiveTailsAndGrowWithTheFrames() {
        lab.offer("copy", () -> new Analyzer() {
            @Override
            public long tailBytes(Class<? extends Attachment> type, Stage stage) {
                return stage.format(0).width();
            }

            @Override
            public void analyze(Input input, Attacher to) {
                var blink = to.attach(Blink.class, input.frame().width());
                blink.value(blink.tailBytes());
                blink.memory().set(ValueLayout.JAVA_BYTE, blink.tailOffset()
                        + blink.tailBytes() - 1, (byte) 42);
            }
        });
        lab.attach("copy", "cam").take("cam", 2).unplug("cam").camera("cam", 640).take("cam");
        lab.host.look();
        lab.take("cam", 2);
        var blinks = lab.blinks("cam");

        assertThat(blinks.look(2, 3)).isEqualTo(PRESENT);
        assertThat(blinks.get().tailBytes()).isEqualTo(640);
        assertThat(blinks.get().value()).isEqualTo(640);
        assertThat(blinks.get().memory().get(ValueLayout.JAVA_BYTE, blinks.get().tailOffset() + 639))
                .isEqualTo((byte) 42);
        assertThat(lab.stage("copy").state()).isEqualTo("running");
    }
}
