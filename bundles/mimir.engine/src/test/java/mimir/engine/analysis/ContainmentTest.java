// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import static mimir.api.analysis.AttachmentState.ABSENT;
import static mimir.api.analysis.AttachmentState.PRESENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import mimir.api.BadInputException;
import mimir.api.analysis.Analyzer;
import mimir.api.analysis.Attacher;
import mimir.api.analysis.Attachment;
import mimir.api.analysis.Input;
import mimir.api.analysis.Stage;
import mimir.ring.Profile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What analysers and people do wrong: one sentence each, and everybody else goes on. */
class ContainmentTest {
    private final Lab lab = new Lab().camera("cam").microphone("mic");

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void shouldRefuseWhatCannotBe() {
        lab.offer("blink", Lab::blinker);
        lab.offer("pair", Profile.EVERY, 1000, List.of("frame:GREY", "frame:GREY"), List.of(Sum.class), List.of(),
                Lab::blinker);
        lab.offer("yuyv", Profile.EVERY, 1000, List.of("frame:YUYV"), List.of(Sum.class), List.of(), Lab::blinker);

        assertRefused("there is no analyser 'blonk'; name one of blink, pair, yuyv", "blonk", "cam");
        assertRefused("there is no source 'cram'; name one of cam, mic", "blink", "cram");
        assertRefused("analyser blink takes frame and mic sends audio:F32_PLANAR; name another source", "blink", "mic");
        assertRefused("analyser yuyv takes frame:YUYV and cam sends frame:GREY; name another source", "yuyv", "cam");
        assertRefused("analyser pair takes 2 sources (frame:GREY, frame:GREY), not 1; name as many", "pair", "cam");
        assertThatThrownBy(() -> lab.host.attach("blink", List.of("cam"), Map.of("treshold", "1")))
                .isInstanceOf(BadInputException.class)
                .hasMessage("analyser blink has no parameter 'treshold'; it has threshold");
        assertThatThrownBy(() -> lab.host.attach("blink", List.of("cam"), Map.of("threshold", "much")))
                .isInstanceOf(BadInputException.class)
                .hasMessage("parameter threshold of analyser blink cannot be 'much'; give a number, such as 4");
        assertRefused("analyser pair compares sources, and cam is named twice; name another one", "pair", "cam", "cam");
        assertThatThrownBy(() -> lab.host.detach("blink", List.of("cam"))).isInstanceOf(BadInputException.class)
                .hasMessage("blink is not attached to cam; nothing is attached");
        assertThatThrownBy(() -> lab.results.reader("cram", Blink.class)).isInstanceOf(BadInputException.class)
                .hasMessageStartingWith("there never was a source 'cram'; ");
        assertThat(lab.host.stages()).isEmpty();
    }

    private void assertRefused(String sentence, String name, String... sources) {
        assertThatThrownBy(() -> lab.attach(name, sources)).isInstanceOf(BadInputException.class).hasMessage(sentence);
    }

    @Test
    void shouldRefuseTheSecondWhoClaimsAPlace() {
        lab.offer("blink", Lab::blinker);
        lab.offer("blank", Lab::blinker);
        lab.attach("blink", "cam");

        assertRefused("blink of cam attaches cam/test.blink@1 already, and there can be one only; detach it first",
                "blank", "cam");
        lab.host.attach("blank", List.of("cam"), Map.of("threshold", "9"));
        assertThat(lab.host.stages()).hasSize(2);
    }

    @Test
    void shouldWantOneProviderOfWhatIsNeeded() {
        lab.offer("sum", Profile.EVERY, 1000, List.of("frame"), List.of(Sum.class), List.of(Blink.class),
                Lab::blinker);
        assertRefused("analyser sum needs test.blink@1 and nobody attaches it to cam; install a bundle with an "
                + "analyser that does", "sum", "cam");
        lab.offer("blink", Lab::blinker);
        lab.offer("blank", Lab::blinker);
        assertRefused("analyser sum needs test.blink@1, which blink and blank attach; attach one of them to cam first",
                "sum", "cam");
        lab.attach("blank", "cam").attach("sum", "cam");
        lab.host.detach("blank", List.of("cam"));

        assertThat(lab.stage("blank").users()).isEqualTo(1);
        assertThatThrownBy(() -> lab.host.detach("blank", List.of("cam")))
                .hasMessage("blank of cam came along with sum of cam; detach that");
    }

    @Test
    void shouldRefuseAnalysersThatNeedOneAnother() {
        lab.offer("sum", Profile.EVERY, 1000, List.of("frame"), List.of(Sum.class), List.of(Blink.class),
                Lab::blinker);
        lab.offer("blink", Profile.EVERY, 1000, List.of("frame"), List.of(Blink.class), List.of(Sum.class),
                Lab::blinker);

        assertThatThrownBy(() -> lab.attach("sum", "cam")).isInstanceOf(BadInputException.class)
                .hasMessageContaining("needs its own results");
        assertThat(lab.host.stages()).isEmpty();
    }

    @Test
    void shouldDisableWhoThrowsFiveTimesInARow() {
        var broken = new AtomicBoolean(true);
        lab.offer("frail", () -> (input, to) -> {
            to.attach(Blink.class).value(1);
            if (broken.get()) {
                throw new IllegalStateException("no light");
            }
        });
        lab.attach("frail", "cam").take("cam", 4);
        assertThat(lab.stage("frail").state()).isEqualTo("running");
        lab.take("cam", 3);

        var stage = lab.stage("frail");
        assertThat(stage.state()).isEqualTo("disabled");
        assertThat(stage.cause()).isEqualTo("frail failed 5 times in a row: no light");
        assertThat(stage.failures()).isEqualTo(5);
        assertThat(lab.blinks("cam").look(1, 4)).isEqualTo(ABSENT);
        assertThat(lab.blinks("cam").look(1, 6)).as("nobody waits for a disabled one").isEqualTo(ABSENT);
        broken.set(false);
        lab.host.enable("frail", List.of("cam"));
        lab.take("cam");
        assertThat(lab.stage("frail").state()).isEqualTo("running");
        assertThat(lab.blinks("cam").look(1, 7)).isEqualTo(PRESENT);
    }

    @Test
    void shouldDisableWhoWantsTailsThatCannotBe() {
        lab.offer("backward", () -> (input, to) -> to.attach(Blink.class, -8).value(1));
        lab.offer("greedy", () -> (input, to) -> to.attach(Blink.class, 8).value(1));
        lab.attach("backward", "cam").host.attach("greedy", List.of("cam"), Map.of("threshold", "5"));
        lab.take("cam", 5);

        assertThat(lab.host.stages()).extracting(stage -> stage.cause()).containsExactly(
                "backward failed 5 times in a row: a tail of test.blink@1 has -8 bytes, tailBytes said 0; correct one "
                + "of them", "greedy failed 5 times in a row: a tail of test.blink@1 has 8 bytes, tailBytes said 0; "
                + "correct one of them");
    }

    @Test
    void shouldDisableWhoCannotBegin() {
        lab.offer("number", () -> new Analyzer() {
            @Override
            public void begin(Stage stage) {
                throw new IllegalStateException(stage.source(0) + " is too dark; light a lamp");
            }

            @Override
            public void analyze(Input input, Attacher to) {
                throw new AssertionError("it never began");
            }
        });
        lab.attach("number", "cam").take("cam");

        assertThat(lab.stage("number").cause()).isEqualTo(
                "number could not begin: cam is too dark; light a lamp");
    }

    @Test
    void shouldAttachNothingWhenItCannotBeMade() {
        lab.offer("unable", () -> {
            throw new IllegalStateException("there is no model; put one beside the bundle");
        });
        lab.offer("unlinked", () -> {
            throw new NoClassDefFoundError("lab/Model");
        });
        lab.offer("sum", Profile.EVERY, 1000, List.of("frame"), List.of(Sum.class), List.of(Blink.class),
                Lab::blinker);
        assertThatThrownBy(() -> lab.attach("unable", "cam")).hasMessage("there is no model; put one beside the bundle")
                .isInstanceOf(IllegalStateException.class).hasNoCause();
        assertThatThrownBy(() -> lab.attach("unlinked", "cam")).hasMessage("lab/Model");
        lab.host.removeOffer(lab.offers.get("unlinked"));
        assertThatThrownBy(() -> lab.attach("sum", "cam")).hasMessage("there is no model; put one beside the bundle");

        assertThat(lab.host.stages()).isEmpty();
        assertThat(lab.store.find("cam").orElseThrow().stats().readers()).isEmpty();
    }

    @Test
    void shouldEnableOnlyWhatIsDisabled() {
        var offer = lab.offer("blink", Lab::blinker);
        lab.attach("blink", "cam");
        assertThatThrownBy(() -> lab.host.enable("blink", List.of("cam"))).isInstanceOf(BadInputException.class)
                .hasMessage("blink of cam is not disabled, it is running");
        lab.host.removeOffer(offer);
        assertThatThrownBy(() -> lab.host.enable("blink", List.of("cam"))).isInstanceOf(BadInputException.class)
                .hasMessage("blink of cam is not disabled, it is waiting: analyser blink is gone; start its bundle");
        assertThatThrownBy(() -> lab.host.enable("blonk", List.of("cam"))).isInstanceOf(BadInputException.class)
                .hasMessage("blonk is not attached to cam; attached are blink of cam");
    }

    @Test
    void shouldKeepErrorsAndForeignTypesFromEverybodyElse() {
        lab.offer("frail", () -> (input, to) -> {
            throw new StackOverflowError();
        });
        lab.offer("foreign", Profile.EVERY, 1000, List.of("frame"), List.of(Sum.class), List.of(),
                () -> (input, to) -> to.attach(Blink.class));
        lab.attach("frail", "cam").attach("foreign", "cam").take("cam", 5);

        assertThat(lab.stage("frail").cause()).isEqualTo("frail failed 5 times in a row: StackOverflowError");
        assertThat(lab.stage("foreign").cause()).contains("is not among the outputs of this analyser");
    }

    @Test
    void shouldNameWhoIsStuckAndRemoveIt() {
        lab.offer("blink", Profile.EVERY, 10_000_000, List.of("frame"), List.of(Blink.class), List.of(), Lab::blinker);
        lab.attach("blink", "cam").take("cam");
        var strand = lab.pools.named("blink");
        strand.stuck = true;
        strand.runningNs = 10_200_000_000L;
        lab.host.look();

        assertThat(lab.stage("blink").state()).isEqualTo("stuck");
        assertThat(lab.stage("blink").cause()).isEqualTo(
                "blink takes 10.2 s for one item of which it may take 10.0 ms; correct it, or detach it");
        assertThatThrownBy(() -> lab.host.enable("blink", List.of("cam"))).isInstanceOf(BadInputException.class);
        strand.closes = false;
        lab.host.detach("blink", List.of("cam"));
        assertThat(lab.stage("blink").state()).isEqualTo("stuck");
        assertThat(lab.closed).isEmpty();
        lab.attach("blink", "cam").take("cam", 2);
        assertThat(lab.blinks("cam").look(1, 2)).as("another instance, on a ring of its own").isEqualTo(PRESENT);
        strand.closes = true;
        lab.host.look();
        assertThat(lab.host.stages()).hasSize(1);
        assertThat(lab.closed).containsExactly("blink");
    }

    @Test
    void shouldRemarkOnWhoAllocatesMuch() {
        lab.offer("blink", Lab::blinker);
        lab.attach("blink", "cam");
        var strand = lab.pools.named("blink");
        strand.runs = 200;
        strand.allocated = 200L << 20;
        lab.host.look();

        assertThat(lab.stage("blink").state()).isEqualTo("running");
        assertThat(lab.stage("blink").cause()).startsWith("blink allocates 1024.0 KiB an item, ");
        assertThat(lab.stage("blink").allocatedBytes()).isEqualTo(200L << 20);
    }

    @Test
    void shouldDisableWhoAllocatesTooMuchInASecondUntilItIsEnabled() {
        lab.offer("blink", Lab::blinker);
        lab.attach("blink", "cam");
        lab.host.look();
        var strand = lab.pools.named("blink");
        strand.allocated += 65L << 20;
        lab.host.look();

        assertThat(lab.stage("blink").state()).isEqualTo("disabled");
        assertThat(lab.stage("blink").cause()).startsWith("blink allocates ")
                .contains(" MiB in a second and may allocate 64, ");
        lab.host.enable("blink", List.of("cam"));
        strand.allocated += 1L << 20;
        lab.host.look();
        lab.host.look();
        assertThat(lab.stage("blink").state()).isEqualTo("running");
    }

    @Test
    void shouldWaitForItsBundleAndGoOnWithTheNextVersionOfItsType() {
        var first = lab.offer("blink", Lab::blinker);
        lab.attach("blink", "cam").take("cam", 2);
        lab.host.removeOffer(first);
        assertThat(lab.stage("blink")).matches(stage -> stage.state().equals("waiting")
                && stage.cause().equals("analyser blink is gone; start its bundle"));
        assertThat(lab.closed).containsExactly("blink");
        lab.offer("blink", Profile.EVERY, Lab.BUDGET_NS, List.of("frame"), List.of(BlinkTwo.class), List.of(),
                () -> (input, to) -> to.attach(BlinkTwo.class).value(input.item().descriptor().sequence() + 0.5));
        lab.host.look();
        lab.take("cam", 2);

        assertThat(lab.stage("blink").state()).isEqualTo("running");
        var two = lab.results.reader("cam", BlinkTwo.class);
        assertThat(two.look(1, 3)).isEqualTo(PRESENT);
        assertThat(two.get().value()).isEqualTo(3.5);
        var one = lab.blinks("cam");
        assertThat(one.look(1, 1)).as("old results stay readable").isEqualTo(PRESENT);
        assertThat(one.look(1, 3)).isEqualTo(ABSENT);
        var layout = lab.results.types("cam").getFirst();
        var plain = lab.results.reader("cam", layout);
        assertThat(plain.look(1, 1)).isEqualTo(PRESENT);
        Attachment raw = plain.get();
        assertThat(layout.fields().getFirst().text(raw.memory(), raw.offset())).isEqualTo("1");
    }

    @Test
    void shouldTellWhyAnAnalyserCannotBeUsed() {
        lab.offer("Blink!", Lab::blinker);
        lab.offer("none", Profile.EVERY, 1000, List.of("smell"), List.of(Blink.class), List.of(), Lab::blinker);
        lab.offer("twice", Lab::blinker);
        lab.offer("twice", Lab::blinker);
        lab.offer("plain", Profile.EVERY, 1000, List.of("frame"), List.of(String.class), List.of(), Lab::blinker);

        assertThat(lab.host.kinds()).extracting(kind -> kind.name() + ": " + kind.fault()).containsExactly(
                "Blink!: its name 'Blink!' must consist of lower case letters, digits and -; rename it",
                "none: input 'smell' is unknown; name one of frame, audio, event",
                "plain: java.lang.String is no type of attachment; let it extend mimir.api.analysis.Attachment",
                "twice: ",
                "twice: bundle bundle.of.twice has an analyser of this name already; rename one of them");
        assertThatThrownBy(() -> lab.attach("none", "cam")).hasMessage(
                "analyser none cannot be used: input 'smell' is unknown; name one of frame, audio, event");
    }
}
