// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import static mimir.api.analysis.AttachmentState.ABSENT;
import static mimir.api.analysis.AttachmentState.LATE;
import static mimir.api.analysis.AttachmentState.PENDING;
import static mimir.api.analysis.AttachmentState.PRESENT;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import mimir.api.analysis.Analyzer;
import mimir.api.analysis.Attacher;
import mimir.api.analysis.Input;
import mimir.api.analysis.Stage;
import mimir.api.media.AudioView;
import mimir.api.media.FrameView;
import mimir.ring.HostClock;
import mimir.ring.Profile;
import mimir.ring.Start;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Analysers at work: what they attach is found by everybody, once, and whatever they do stays with them. */
class HostingTest {
    private final Lab lab = new Lab().camera("cam");

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void shouldAttachAResultToEachItem() {
        lab.offer("blink", Lab::blinker);
        lab.attach("blink", "cam").take("cam", 3);

        var blinks = lab.blinks("cam");
        for (int i = 0; i < 3; i++) {
            assertThat(blinks.look(1, i)).isEqualTo(PRESENT);
            assertThat(blinks.get().value()).isEqualTo(i);
            assertThat(blinks.get().first()).isEqualTo(i);
            assertThat(blinks.epoch()).isEqualTo(1);
            assertThat(blinks.sequence()).isEqualTo(i);
            assertThat(blinks.completedNs()).isGreaterThan(blinks.hostTimeNs());
            assertThat(blinks.intact()).isTrue();
        }
        assertThat(lab.stage("blink")).matches(stage -> stage.state().equals("running") && stage.items() == 3
                && stage.results() == 3 && stage.absent() == 0 && stage.late() == 0 && stage.users() == 1);
        assertThat(lab.results.types("cam")).singleElement().matches(type -> type.id().equals("test.blink@1"));
    }

    @Test
    void shouldBeginWithWhatComesWhenItIsReady() {
        lab.offer("blink", Lab::blinker);
        lab.opening = () -> lab.publish("cam").publish("cam");
        lab.attach("blink", "cam").run();
        assertThat(lab.stage("blink").items()).as("published while its ring was made").isZero();
        lab.take("cam");

        assertThat(lab.stage("blink")).matches(stage -> stage.items() == 1 && stage.absent() == 0);
        assertThat(lab.blinks("cam").look(1, 1)).as("nobody shall wait for it").isEqualTo(ABSENT);
        assertThat(lab.blinks("cam").look(1, 2)).isEqualTo(PRESENT);
    }

    @Test
    void shouldBePendingUntilTheStageHasComeToTheItem() {
        lab.offer("blink", Lab::blinker);
        lab.publish("cam").attach("blink", "cam").publish("cam");
        var blinks = lab.blinks("cam");

        assertThat(blinks.look(1, 0)).as("before the stage was there").isEqualTo(ABSENT);
        assertThat(blinks.look(1, 1)).isEqualTo(PENDING);
        lab.run();
        assertThat(blinks.look(1, 1)).isEqualTo(PRESENT);
        assertThat(blinks.look(1, 2)).isEqualTo(PENDING);
        lab.host.detach("blink", List.of("cam"));
        assertThat(blinks.look(1, 2)).isEqualTo(ABSENT);
        assertThat(blinks.look(1, 1)).as("results outlive their stage").isEqualTo(PRESENT);
        assertThat(blinks.get().value()).isEqualTo(1);
    }

    @Test
    void shouldCallLateWhatComesAfterTheDeadline() {
        lab.offer("blink", Profile.EVERY, 1000, List.of("frame"), List.of(Blink.class), List.of(), Lab::blinker);
        lab.attach("blink", "cam").publish("cam", HostClock.nowNs() - 2_000_000).run();

        assertThat(lab.blinks("cam").look(1, 0)).isEqualTo(LATE);
        assertThat(lab.stage("blink")).matches(stage -> stage.late() == 1 && stage.results() == 1
                && stage.trial().misses() == 1);
    }

    @Test
    void shouldCountADeadlineAsMissedWithAResultOrWithout() {
        lab.offer("some", Profile.EVERY, 1_000_000, List.of("frame"), List.of(Blink.class), List.of(),
                () -> (input, to) -> {
                    if (input.item().descriptor().sequence() == 1) {
                        throw new IllegalStateException("no light");
                    }
                });
        lab.attach("some", "cam").publish("cam", HostClock.nowNs() - 2_000_000).run();
        lab.publish("cam", HostClock.nowNs() - 2_000_000).run();
        lab.publish("cam", HostClock.nowNs() + 10_000_000_000L).run();

        assertThat(lab.stage("some")).matches(stage -> stage.trial().misses() == 2 && stage.late() == 0
                && stage.items() == 3 && stage.absent() == 1);
    }

    @Test
    void shouldExpectOneResultForAWindowOfBlocks() {
        lab.microphone("mic").offer("window", Profile.EVERY, Lab.BUDGET_NS, List.of("audio"), List.of(Blink.class),
                List.of(), () -> (input, to) -> {
                    var block = input.item().descriptor();
                    if (block.sequence() % 10 == 9) {
                        to.span(block.deviceTime() - 9 * 64, 640);
                        to.attach(Blink.class).value(block.sequence() / 10);
                    }
                });
        lab.attach("window", "mic").take("mic", 40);

        assertThat(lab.stage("window")).matches(stage -> stage.items() == 40 && stage.results() == 4
                && stage.absent() == 0);
        var blinks = lab.blinks("mic");
        assertThat(blinks.lookAtSample(1, 17 * 64)).isEqualTo(PRESENT);
        assertThat(blinks.get().value()).isEqualTo(1);
    }

    @Test
    void shouldHaveNoResultWhereNothingWasFound() {
        lab.offer("odd", () -> (input, to) -> {
            if (input.item().descriptor().sequence() % 2 == 1) {
                to.attach(Blink.class).value(7);
            }
        });
        lab.attach("odd", "cam").take("cam", 4);
        var blinks = lab.blinks("cam");

        assertThat(List.of(blinks.look(1, 0), blinks.look(1, 1), blinks.look(1, 2), blinks.look(1, 3)))
                .containsExactly(ABSENT, PRESENT, ABSENT, PRESENT);
        assertThat(lab.stage("odd")).matches(stage -> stage.items() == 4 && stage.results() == 2
                && stage.absent() == 0);
    }

    @Test
    void shouldComputeOnceForEightReaders() {
        var computed = new AtomicInteger();
        lab.offer("blink", () -> (input, to) -> to.attach(Blink.class).value(computed.incrementAndGet()));
        for (int i = 0; i < 8; i++) {
            lab.attach("blink", "cam");
        }
        lab.take("cam");

        for (int i = 0; i < 8; i++) {
            var blinks = lab.blinks("cam");
            assertThat(blinks.look(1, 0)).isEqualTo(PRESENT);
            assertThat(blinks.get().value()).isEqualTo(1);
        }
        assertThat(computed).hasValue(1);
        assertThat(lab.stage("blink").users()).isEqualTo(8);
        for (int i = 0; i < 7; i++) {
            lab.host.detach("blink", List.of("cam"));
        }
        assertThat(lab.stage("blink").state()).isEqualTo("running");
        lab.host.detach("blink", List.of("cam"));
        assertThat(lab.host.stages()).isEmpty();
        assertThat(lab.closed).containsExactly("blink");
    }

    @Test
    void shouldShowResultsInViews() {
        lab.offer("blink", Lab::blinker);
        lab.attach("blink", "cam");
        var frame = new FrameView(lab.results.of("cam"));
        var ring = lab.rings.find("cam").orElseThrow();
        try (var reader = ring.reader("test", Profile.EVERY, Start.NOW)) {
            lab.take("cam").take("cam").publish("cam");
            for (int i = 0; i < 2; i++) {
                try (var lease = reader.next()) {
                    assertThat(frame.wrap(lease).attachment(Blink.class).value()).isEqualTo(i);
                }
            }
            try (var lease = reader.next()) {
                assertThat(frame.wrap(lease).attachment(Blink.class)).as("not yet").isNull();
                assertThat(new FrameView().wrap(lease).attachment(Blink.class)).isNull();
                assertThat(new AudioView().wrap(lease).attachment(Blink.class)).isNull();
            }
        }
    }

    @Test
    void shouldGiveAResultOnlyAfterWhatItNeeds() {
        var order = new ArrayList<String>();
        lab.offer("sum", Profile.EVERY, Lab.BUDGET_NS, List.of("frame"), List.of(Sum.class), List.of(Blink.class),
                () -> (input, to) -> {
                    order.add("sum " + input.item().descriptor().sequence());
                    to.attach(Sum.class).value(10 + input.attachment(Blink.class).value());
                });
        lab.offer("blink", () -> (input, to) -> {
            order.add("blink " + input.item().descriptor().sequence());
            to.attach(Blink.class).value(input.item().descriptor().sequence());
        });
        lab.attach("sum", "cam");
        lab.pools.named("blink").held = true;
        lab.publish("cam").publish("cam").run();
        assertThat(order).isEmpty();
        lab.pools.named("blink").held = false;
        lab.run();

        assertThat(order).hasSize(4).containsSubsequence("blink 0", "sum 0", "sum 1")
                .containsSubsequence("blink 1", "sum 1");
        var sums = lab.results.reader("cam", Sum.class);
        assertThat(sums.look(1, 1)).isEqualTo(PRESENT);
        assertThat(sums.get().value()).isEqualTo(11);
        assertThat(lab.stage("blink").users()).isEqualTo(1);
        lab.host.detach("sum", List.of("cam"));
        assertThat(lab.host.stages()).as("what came along goes along").isEmpty();
    }

    @Test
    void shouldTakeAHandleThroughAChainAndMapNothing() {
        lab.offer("handle", () -> (input, to) -> {
            assertThat(input.item().length()).as("bytes here").isZero();
            to.attach(Blink.class).value(input.item().descriptor().handle(0));
        });
        lab.offer("sum", Profile.EVERY, Lab.BUDGET_NS, List.of("frame"), List.of(Sum.class), List.of(Blink.class),
                () -> (input, to) -> to.attach(Sum.class).value(input.attachment(Blink.class).value() + 1));
        lab.attach("sum", "cam");
        var ring = lab.rings.find("cam").orElseThrow();
        for (int texture = 0; texture < 10; texture++) {
            lab.publishTexture("cam", 7_000 + texture).run();
        }
        var sums = lab.results.reader("cam", Sum.class);

        for (int item = 0; item < 10; item++) {
            assertThat(sums.look(1, item)).isEqualTo(PRESENT);
            assertThat(sums.get().value()).isEqualTo(7_001 + item);
        }
        assertThat(ring.stats().readers()).allMatch(reader -> reader.bytesCopied() == 0);
        assertThat(ring.stats().payloadCopied()).isZero();
    }

    @Test
    void shouldPassOverWhatWillNeverHaveWhatItNeeds() {
        lab.offer("sum", Profile.LATEST, Lab.BUDGET_NS, List.of("frame"), List.of(Sum.class), List.of(Blink.class),
                () -> (input, to) -> to.attach(Sum.class).value(input.attachment(Blink.class).value()));
        lab.offer("blink", () -> (input, to) -> {
            if (input.item().descriptor().sequence() != 1) {
                to.attach(Blink.class).value(5);
            }
        });
        lab.attach("sum", "cam").take("cam", 3);
        var sums = lab.results.reader("cam", Sum.class);

        assertThat(List.of(sums.look(1, 0), sums.look(1, 1), sums.look(1, 2))).containsExactly(PRESENT, ABSENT,
                PRESENT);
    }

    @Test
    void shouldTakeTheNewestOnlyAndSayWhatItMissed() {
        var missed = new ArrayList<Long>();
        lab.offer("newest", Profile.LATEST, Lab.BUDGET_NS, List.of("frame"), List.of(Blink.class), List.of(),
                () -> (input, to) -> {
                    missed.add(input.missed());
                    to.attach(Blink.class).value(1);
                });
        lab.attach("newest", "cam").take("cam").publish("cam").publish("cam").publish("cam").run().skip("cam", 4)
                .take("cam");

        assertThat(missed).containsExactly(0L, 2L, 4L);
        var blinks = lab.blinks("cam");
        assertThat(List.of(blinks.look(1, 1), blinks.look(1, 2), blinks.look(1, 3))).containsExactly(ABSENT, ABSENT,
                PRESENT);
        assertThat(lab.stage("newest")).matches(stage -> stage.results() == 3 && stage.absent() == 2);
    }

    @Test
    void shouldDiscardTheResultOfAnItemThatWasOvertakenMeanwhile() {
        lab.offer("slow", () -> (input, to) -> {
            to.attach(Blink.class).value(1);
            if (input.item().descriptor().sequence() == 0) {
                for (int i = 0; i < 64; i++) {
                    lab.publish("cam");
                }
            }
        });
        lab.attach("slow", "cam").take("cam");

        assertThat(lab.blinks("cam").look(1, 0)).isEqualTo(ABSENT);
        assertThat(lab.blinks("cam").look(1, 64)).isEqualTo(PRESENT);
        var stage = lab.stage("slow");
        assertThat(stage.overtaken()).isPositive();
        assertThat(stage.results() + stage.absent()).isEqualTo(65);
    }

    @Test
    void shouldDiscardWhatWasMadeOfAResultThatWasOvertakenMeanwhile() {
        var foreign = new ForeignBlinks(lab, "cam");
        var overtaken = new AtomicInteger();
        lab.offer("sum", Profile.EVERY, Lab.BUDGET_NS, List.of("frame"), List.of(Sum.class), List.of(),
                () -> (input, to) -> {
                    to.attach(Sum.class).value(input.attachment(Blink.class).value());
                    if (input.item().descriptor().sequence() >= 10_000) {
                        foreign.overtake();
                        overtaken.incrementAndGet();
                    }
                    if (input.item().descriptor().sequence() >= 20_000) {
                        assertThat(input.attachment(Blink.class)).as("asked again").isNull();
                        throw new IllegalStateException("nothing there");
                    }
                });
        lab.attach("sum", "cam");
        for (int item = 0; item < 8; item++) {
            foreign.write(item * 10_000);
            lab.take("cam").skip("cam", 9_999);
        }
        var sums = lab.results.reader("cam", Sum.class);

        assertThat(List.of(sums.look(1, 0), sums.look(1, 10_000), sums.look(1, 20_000)))
                .containsExactly(PRESENT, ABSENT, ABSENT);
        assertThat(overtaken).as("it was not disabled for what it could not help").hasValue(7);
        assertThat(lab.stage("sum")).matches(stage -> stage.results() == 1 && stage.absent() == 7
                && stage.failures() == 6);
    }

    @Test
    void shouldBeginAnewInEachEpoch() {
        var begun = new ArrayList<String>();
        lab.offer("blink", () -> new Analyzer() {
            @Override
            public void begin(Stage stage) {
                begun.add(stage.source(0) + " " + stage.format(0).width() + " " + stage.number("threshold"));
            }

            @Override
            public void analyze(Input input, Attacher to) {
                to.attach(Blink.class).value(input.item().descriptor().epoch());
            }
        });
        lab.host.attach("blink", List.of("cam"), Map.of("threshold", "8"));
        lab.take("cam", 2).unplug("cam");
        assertThat(lab.stage("blink").state()).isEqualTo("waiting");
        assertThat(lab.stage("blink").cause()).isEqualTo(
                "source cam is gone; it goes on when the source is back");
        lab.camera("cam", 64).take("cam", 2);

        assertThat(lab.stage("blink").state()).isEqualTo("running");
        assertThat(begun).containsExactly("cam 32 8.0", "cam 64 8.0");
        var blinks = lab.blinks("cam");
        assertThat(blinks.look(1, 1)).isEqualTo(PRESENT);
        assertThat(blinks.look(2, 3)).isEqualTo(PRESENT);
        assertThat(blinks.get().value()).isEqualTo(2);
        assertThat(lab.rings.find("cam/test.blink@1?threshold=8")).isPresent();
    }
}
