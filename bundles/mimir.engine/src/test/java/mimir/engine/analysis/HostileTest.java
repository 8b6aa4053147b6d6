// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import static mimir.api.analysis.AttachmentState.PRESENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import mimir.api.BadInputException;
import mimir.api.analysis.Analyzer;
import mimir.api.analysis.Attacher;
import mimir.api.analysis.Attachment;
import mimir.api.analysis.Input;
import mimir.api.analysis.Stage;
import mimir.ring.Profile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a stranger's code may do that its author cannot have meant. */
class HostileTest {
    private static final int MUCH_TEXT = 1_000_000;

    private final Lab lab = new Lab().camera("cam");

    @AfterEach
    void close() {
        lab.close();
    }

    /** An exception that nobody can ask for its message. */
    private static final class Unspeakable extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("not even that");
        }
    }

    @Test
    void shouldDisableWhoseExceptionsHaveNoMessageToBeHad() {
        lab.offer("mute", () -> (input, to) -> {
            throw new Unspeakable();
        });
        lab.attach("mute", "cam").take("cam", 6);

        assertThat(lab.stage("mute").state()).isEqualTo("disabled");
        assertThat(lab.stage("mute").items()).as("each item once").isEqualTo(5);
        assertThat(lab.stage("mute").cause()).isEqualTo("mute failed 5 times in a row: Unspeakable");
    }

    @Test
    void shouldDisableWhoCannotBeginAndWillNotSayWhy() {
        lab.offer("mute", () -> new Analyzer() {
            @Override
            public void begin(Stage stage) {
                throw new Unspeakable();
            }

            @Override
            public void analyze(Input input, Attacher to) {
                throw new AssertionError("it never began");
            }
        });
        lab.attach("mute", "cam").take("cam", 2);

        assertThat(lab.stage("mute").cause()).isEqualTo("mute could not begin: Unspeakable");
    }

    @Test
    void shouldGoOnBesideOneThatCannotBeMadeOrClosedAndWillNotSayWhy() {
        lab.offer("blink", Lab::blinker);
        lab.offer("mute", () -> {
            throw new Unspeakable();
        });
        lab.offer("deaf", () -> new Analyzer() {
            @Override
            public void analyze(Input input, Attacher to) {
                to.attach(Blink.class);
            }

            @Override
            public void close() {
                throw new Unspeakable();
            }
        });
        lab.attach("blink", "cam");

        assertThatThrownBy(() -> lab.attach("mute", "cam")).as("the place is taken")
                .isExactlyInstanceOf(BadInputException.class);
        assertThatThrownBy(() -> lab.host.attach("mute", List.of("cam"), Map.of("threshold", "5")))
                .isExactlyInstanceOf(IllegalStateException.class).hasMessage("Unspeakable");
        lab.host.attach("deaf", List.of("cam"), Map.of("threshold", "6"));
        lab.host.detach("deaf", List.of("cam"));
        lab.host.look();
        assertThat(lab.host.stages()).hasSize(1);
        assertThat(lab.closed).containsExactly("deaf");
        assertThat(lab.warnings).containsExactly("analyser deaf could not be closed cleanly: Unspeakable");
    }

    @Test
    void shouldTellWhatCausedAnErrorOfFewWords() {
        lab.offer("broken", () -> (input, to) -> {
            throw new ExceptionInInitializerError(new NumberFormatException("no number: boom"));
        });
        lab.attach("broken", "cam").take("cam", 6);

        assertThat(lab.stage("broken").cause()).isEqualTo(
                "broken failed 5 times in a row: ExceptionInInitializerError: no number: boom");
    }

    @Test
    void shouldNotMakeAStageAnewForEver() {
        var asked = new AtomicLong();
        lab.offer("grower", () -> new Analyzer() {
            @Override
            public long tailBytes(Class<? extends Attachment> type, Stage stage) {
                return 64 * asked.incrementAndGet();
            }

            @Override
            public void analyze(Input input, Attacher to) {
                to.attach(Blink.class, 64);
            }
        });
        lab.attach("grower", "cam");
        for (int i = 0; i < 20; i++) {
            lab.take("cam").host.look();
        }
        assertThat(lab.stage("grower").state()).isEqualTo("disabled");
        assertThat(lab.stage("grower").cause()).isEqualTo("grower says larger tailBytes each time it is asked, and so "
                + "never begins; let it say the most that there can be");
        assertThat(lab.closed).hasSize(3);

        asked.set(Long.MIN_VALUE / 64); // it says 0 from now on
        lab.host.enable("grower", List.of("cam"));
        lab.host.look();
        lab.host.look();
        lab.take("cam", 2);
        assertThat(lab.stage("grower").state()).isEqualTo("running");
    }

    @Test
    void shouldNotGiveAStageToABundleThatTakesItsName() {
        var own = lab.offer("blink", Lab::blinker);
        var known = own.declaration();
        lab.attach("blink", "cam").take("cam");
        var thief = new Offer(new Declaration(known.name(), "bundle.of.thief", known.inputs(), known.outputs(),
                known.needs(), known.workClass(), known.budgetNs(), known.heapBytes(), known.inPlace(), known.profile(),
                known.toleranceNs(), known.parameters(), ""), own.instances());
        lab.host.addOffer(thief);

        lab.host.removeOffer(own); // as in a swap
        lab.take("cam").host.look();
        assertThat(lab.stage("blink").state()).isEqualTo("waiting");
        assertThat(lab.stage("blink").cause()).isEqualTo("analyser blink of bundle bundle.of.blink is gone; start that,"
                + " or detach it and attach the one of bundle bundle.of.thief");
        lab.host.addOffer(own);
        lab.host.look();
        lab.take("cam");

        assertThat(lab.stage("blink").state()).isEqualTo("running");
        assertThat(lab.stage("blink").results()).isEqualTo(2);
        assertThat(lab.host.kinds()).extracting(kind -> kind.bundle() + ": " + kind.fault()).containsExactlyInAnyOrder(
                "bundle.of.blink: ", "bundle.of.thief: bundle bundle.of.blink has an analyser of this name already; "
                + "rename one of them");
    }

    @Test
    void shouldCutWordsThatHaveNoEnd() {
        lab.offer("loud", () -> (input, to) -> {
            throw new IllegalStateException("o\u001b[2J\nh".repeat(MUCH_TEXT));
        });
        lab.attach("loud", "cam").take("cam", 5);

        assertThat(lab.stage("loud").cause()).startsWith("loud failed 5 times in a row: o ")
                .hasSizeLessThan(1_000).doesNotContain("\n", "\u001b");
    }

    @Test
    void shouldKeepWhatWasAttachedFromAViewThatWasKept() {
        lab.offer("keeper", () -> new Analyzer() {
            private Blink kept;

            @Override
            public void analyze(Input input, Attacher to) {
                if (kept != null) {
                    kept.value(-1);
                }
                kept = to.attach(Blink.class);
                kept.value(input.item().descriptor().sequence() + 100);
            }
        });
        lab.attach("keeper", "cam").take("cam", 4);

        var blinks = lab.blinks("cam");
        assertThat(blinks.look(1, 0)).isEqualTo(PRESENT);
        assertThat(blinks.get().value()).isEqualTo(100);
        assertThat(lab.stage("keeper").failures()).isEqualTo(3);
    }

    @Test
    void shouldSayThatAnAnalyserKeepsAView() {
        lab.offer("keeper", () -> new Analyzer() {
            private Blink kept;

            @Override
            public void analyze(Input input, Attacher to) {
                kept = kept == null ? to.attach(Blink.class) : kept;
                kept.value(input.item().descriptor().sequence());
            }
        });
        lab.offer("clinger", () -> new Analyzer() {
            private Blink kept;

            @Override
            public void analyze(Input input, Attacher to) {
                kept = kept == null ? to.attach(Blink.class) : kept;
                kept.memory().asSlice(kept.offset(), 8).fill((byte) 1);
            }
        });
        lab.attach("keeper", "cam").host.attach("clinger", List.of("cam"), Map.of("threshold", "5"));
        lab.take("cam", 7);

        assertThat(lab.host.stages()).extracting(stage -> stage.state() + ": " + stage.cause()).containsExactly(
                "disabled: clinger failed 5 times in a row: it used a result of an earlier item, which it has kept; "
                + "call attach for each item and keep nothing of what it gives",
                "disabled: keeper failed 5 times in a row: it used a result of an earlier item, which it has kept; "
                + "call attach for each item and keep nothing of what it gives");
    }

    @Test
    void shouldNotLetAnAnalyserWriteIntoAFrame() {
        lab.offer("vandal", () -> (input, to) ->
                input.frame().memory().set(ValueLayout.JAVA_BYTE, input.item().offset(), (byte) 77));
        lab.attach("vandal", "cam").take("cam", 6);

        assertThat(lab.stage("vandal").state()).isEqualTo("disabled");
        assertThat(lab.stage("vandal").failures()).isEqualTo(5);
    }

    @Test
    void shouldComputeOnceWhatIsTheSameNumber() {
        lab.offer("blink", Lab::blinker);
        lab.attach("blink", "cam");
        lab.host.attach("blink", List.of("cam"), Map.of("threshold", "4.0"));
        lab.host.attach("blink", List.of("cam"), Map.of("threshold", "0.4e1"));
        lab.host.attach("blink", List.of("cam"), Map.of("threshold", "5"));
        lab.host.attach("blink", List.of("cam"), Map.of("threshold", "5.00"));
        lab.host.attach("blink", List.of("cam"), Map.of("threshold", "5d"));
        lab.host.attach("blink", List.of("cam"), Map.of("threshold", "1e-999999999"));
        lab.host.attach("blink", List.of("cam"), Map.of("threshold", "9007199254740993"));

        assertThat(lab.host.stages()).extracting(stage -> stage.parameters().toString() + stage.users())
                .containsExactlyInAnyOrder("{}3", "{threshold=5}3", "{threshold=0}1",
                        "{threshold=9007199254740993}1");
    }

    @Test
    void shouldRefuseBudgetsAndTolerancesThatNoClockCanHold() {
        lab.offer("slow", Profile.EVERY, Long.MAX_VALUE, List.of("frame"), List.of(Blink.class), List.of(),
                Lab::blinker);
        assertThat(lab.host.kinds().getFirst().fault()).isEqualTo("budgetMicros is " + Long.MAX_VALUE / 1000
                + "; give 1 to 3600000000, an hour");
    }

    @Test
    void shouldKeepTextsApartThatLookLikeSeveralParameters() {
        assertThat(Declaration.suffix(Map.of("a", "1&b=2")))
                .isNotEqualTo(Declaration.suffix(Map.of("a", "1", "b", "2")));
        assertThat(Declaration.suffix(Map.of("a", "%26"))).isNotEqualTo(Declaration.suffix(Map.of("a", "&")));
    }
}
