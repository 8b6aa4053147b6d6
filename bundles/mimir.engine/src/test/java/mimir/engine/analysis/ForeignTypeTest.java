// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import mimir.api.BadInputException;
import mimir.api.analysis.AttachmentState;
import mimir.ring.Profile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two bundles call different things by one name and version: neither reads the other's numbers as its own. */
class ForeignTypeTest {
    private static final String REFUSED = "the results cam/test.blink@1 are laid out otherwise than the type "
            + "test.blink@1 that they are asked for by; build both sides with the same interface, or raise the version "
            + "of one";

    private final Lab lab = new Lab().camera("cam");

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void shouldRefuseToAttachWhoNeedsItLaidOutOtherwise() {
        lab.offer("blink", Lab::blinker);
        lab.offer("foreign", Profile.EVERY, Lab.BUDGET_NS, List.of("frame"), List.of(Sum.class),
                List.of(OtherBlink.class), Lab::blinker);

        assertThatThrownBy(() -> lab.attach("foreign", "cam")).isInstanceOf(BadInputException.class)
                .hasMessage("analyser foreign needs test.blink@1 laid out otherwise than blink attaches it; build both "
                + "with the same interface, or raise the version of one");
        assertThat(lab.host.stages()).as("nor does what it needs stay").isEmpty();
    }

    @Test
    void shouldRefuseEveryLookOfAReaderThatWasThereFirst() {
        lab.offer("blink", Lab::blinker);
        var reader = lab.results.reader("cam", OtherBlink.class);
        assertThat(reader.look(1, 0)).isEqualTo(AttachmentState.ABSENT);
        lab.attach("blink", "cam").take("cam", 2);

        for (int look = 0; look < 2; look++) {
            assertThatThrownBy(() -> reader.look(1, 1)).isInstanceOf(BadInputException.class).hasMessage(REFUSED);
            assertThatThrownBy(reader::next).isInstanceOf(BadInputException.class).hasMessage(REFUSED);
        }
        reader.close();
        assertThat(lab.blinks("cam").look(1, 1)).isEqualTo(AttachmentState.PRESENT);
    }

    @Test
    void shouldNameWhoAsksForItInTheMiddleOfItsItem() {
        lab.offer("blink", Lab::blinker);
        lab.offer("peeper", Profile.EVERY, Lab.BUDGET_NS, List.of("frame"), List.of(Sum.class), List.of(),
                () -> (input, to) -> to.attach(Sum.class)
                        .value((long) input.frame().attachment(OtherBlink.class).brightness()));
        lab.attach("blink", "cam").attach("peeper", "cam").take("cam", 6);

        assertThat(lab.stage("peeper").cause()).isEqualTo("peeper failed 5 times in a row: " + REFUSED);
        assertThat(lab.stage("blink").results()).isEqualTo(6);
    }

    @Test
    void shouldRefuseToWriteItBesideTheOtherEvenWithOtherParameters() {
        lab.offer("blink", Lab::blinker);
        other();
        lab.attach("blink", "cam").take("cam");

        assertThatThrownBy(() -> lab.host.attach("other", List.of("cam"), Map.of("threshold", "5")))
                .hasMessage("type test.blink@1 lay differently when it was attached to cam before; raise its version");
        assertThat(lab.results.types("cam")).hasSize(1);
    }

    private void other() {
        lab.offer("other", Profile.EVERY, Lab.BUDGET_NS, List.of("frame"), List.of(OtherBlink.class), List.of(),
                () -> (input, to) -> to.attach(OtherBlink.class).brightness(1));
    }

    @Test
    void shouldNotKeepANameForWhoNeverBegan() {
        lab.offer("blink", Lab::blinker);
        other();
        lab.opening = () -> {
            throw new IllegalStateException("no memory");
        };
        assertThatThrownBy(() -> lab.attach("other", "cam")).hasMessage("no memory");
        lab.opening = () -> { };

        lab.attach("blink", "cam").take("cam");
        assertThat(lab.blinks("cam").look(1, 0)).isEqualTo(AttachmentState.PRESENT);
    }

    @Test
    void shouldTellByTheRingWhatAFormerLifeOfTheEngineLeft() {
        lab.offer("blink", Lab::blinker);
        lab.attach("blink", "cam").take("cam");
        var next = new Results(lab.rings);

        assertThatThrownBy(() -> next.reader("cam", OtherBlink.class).look(1, 0)).hasMessage(REFUSED);
        assertThat(next.reader("cam", Blink.class).look(1, 0)).isEqualTo(AttachmentState.PRESENT);
    }
}
