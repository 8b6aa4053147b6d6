// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import static mimir.api.analysis.AttachmentState.PRESENT;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import mimir.ring.Profile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who needs a result reads it from the stage that was attached for it, and is woken by that one. */
class DependantTest {
    private final Lab lab = new Lab().camera("cam");

    @AfterEach
    void close() {
        lab.close();
    }

    private void variantAndDependant() {
        lab.offer("seven", () -> (input, to) -> to.attach(Blink.class).value(7));
        lab.offer("blink", () -> (input, to) -> to.attach(Blink.class).value(1));
        lab.offer("sum", Profile.EVERY, Lab.BUDGET_NS, List.of("frame"), List.of(Sum.class), List.of(Blink.class),
                () -> (input, to) -> to.attach(Sum.class).value(input.attachment(Blink.class).value() + 100));
        lab.host.attach("seven", List.of("cam"), Map.of("threshold", "9"));
        lab.attach("sum", "cam");
    }

    @Test
    void shouldNotWaitForSomebodyElsesStageOfTheSameType() {
        variantAndDependant();
        lab.attach("blink", "cam");
        lab.pools.named("blink").held = true;
        lab.take("cam", 2);

        var sums = lab.results.reader("cam", Sum.class);
        assertThat(sums.look(1, 1)).isEqualTo(PRESENT);
        assertThat(sums.get().value()).as("of the one that it was attached to").isEqualTo(107);
    }

    @Test
    void shouldBeWokenByWhomItReads() {
        variantAndDependant();
        lab.attach("blink", "cam");
        lab.pools.named("seven").held = true;
        lab.take("cam");
        assertThat(lab.stage("sum").results()).isZero();
        lab.pools.named("seven").held = false;
        lab.pools.run(); // no look, no item: nobody else may wake it

        assertThat(lab.stage("sum").results()).isEqualTo(1);
    }

    @Test
    void shouldNotSufferFromSomebodyElsesStageThatFails() {
        variantAndDependant();
        lab.host.removeOffer(lab.offers.get("blink"));
        lab.offer("blink", () -> (input, to) -> {
            throw new IllegalStateException("no light");
        });
        lab.attach("blink", "cam").take("cam", 6);

        assertThat(lab.stage("blink").state()).isEqualTo("disabled");
        assertThat(lab.stage("sum")).matches(stage -> stage.results() == 6 && stage.absent() == 0);
    }

    @Test
    void shouldReadFromTheSameStageWhenItComesBack() {
        variantAndDependant();
        lab.attach("blink", "cam").take("cam");
        lab.host.removeOffer(lab.offers.get("seven"));
        lab.take("cam");
        assertThat(lab.stage("sum").cause()).startsWith("it needs seven of cam, which is waiting");
        lab.offer("seven", () -> (input, to) -> to.attach(Blink.class).value(8));
        lab.host.look();
        lab.take("cam");

        var sums = lab.results.reader("cam", Sum.class);
        assertThat(sums.look(1, 2)).isEqualTo(PRESENT);
        assertThat(sums.get().value()).isEqualTo(108);
    }
}
