// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import mimir.api.analysis.Analyzer;
import org.junit.jupiter.api.Test;

/** A call into a stranger's code is over when it is over, whatever becomes of what it gave. */
class AsideTest {
    private final List<Runnable> begun = new ArrayList<>();
    private final List<String> told = new ArrayList<>();

    private Aside<String> begin(String gives) {
        return Aside.begin((name, call) -> begun.add(call), "call", () -> gives, unwanted -> {
            throw new IllegalStateException(unwanted + " cannot be given back");
        }, () -> told.add("over"));
    }

    @Test
    void shouldBeOverAlsoWhenWhatNobodyWantsCannotBeEnded() {
        var aside = begin("it");
        assertThat(aside.leave()).isTrue();
        begun.getFirst().run();

        assertThat(aside.await(Duration.ZERO)).isTrue();
        assertThat(aside.given()).isNull();
        assertThat(aside.thrown()).hasMessage("it cannot be given back");
        assertThat(told).containsExactly("over");
        assertThat(aside.leave()).as("it has returned").isFalse();
    }

    @Test
    void shouldEndNothingThatNobodyGave() {
        var aside = begin(null);
        aside.leave();
        begun.getFirst().run();

        assertThat(aside.isOver()).isTrue();
        assertThat(aside.thrown()).isNull();
    }

    @Test
    void shouldGoOnAfterInstancesThatCannotBeGivenBack() {
        try (var lab = new Lab().camera("cam")) {
            var declared = lab.offer("blink", Lab::blinker);
            lab.host.removeOffer(declared);
            lab.host.addOffer(new Offer(declared.declaration(), new Offer.Instances() {
                @Override
                public Analyzer make() {
                    return Lab.blinker();
                }

                @Override
                public void giveBack(Analyzer analyzer) {
                    throw new IllegalStateException("the registry is upside down");
                }
            }));
            lab.attach("blink", "cam").take("cam").host.detach("blink", List.of("cam"));
            assertThat(lab.warnings).containsExactly(
                    "analyser blink could not be given back cleanly: the registry is upside down");
            lab.attach("blink", "cam").take("cam");
            assertThat(lab.stage("blink").results()).isEqualTo(1);
        }
    }
}
