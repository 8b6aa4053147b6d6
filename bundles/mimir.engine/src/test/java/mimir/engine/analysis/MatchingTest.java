// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import static mimir.api.analysis.AttachmentState.ABSENT;
import static mimir.api.analysis.AttachmentState.PRESENT;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import mimir.api.analysis.Attacher;
import mimir.api.analysis.Input;
import mimir.engine.work.Recorder;
import mimir.ring.HostClock;
import mimir.ring.Item;
import mimir.ring.Profile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Items of several sources come in sets by canonical time; each comes once, alone where nothing matches it. */
class MatchingTest {
    private static final long MS = 1_000_000;

    private final Lab lab = new Lab().camera("left").camera("right");
    private final List<String> sets = new ArrayList<>();
    private final long t = HostClock.nowNs();

    @BeforeEach
    void attach() {
        offer(60_000 * MS);
    }

    private void offer(long budgetNs) {
        lab.offer("pair", Profile.LATEST, budgetNs, List.of("frame", "frame"), List.of(Blink.class), List.of(),
                () -> this::look);
        lab.attach("pair", "left", "right");
    }

    private void look(Input input, Attacher to) {
        sets.add(number(input.item(0)) + number(input.item(1)));
        to.attach(Blink.class).value(input.item(1) == null ? -1 : input.item(1).descriptor().sequence());
    }

    private static String number(Item item) {
        return item == null ? "-" : Long.toString(item.descriptor().sequence());
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void shouldGiveSetsWithinTheToleranceAndAllOthersAlone() {
        lab.publish("left", t).publish("left", t + 16 * MS).publish("right", t + MS)
                .publish("right", t + 20 * MS).run();
        assertThat(sets).as("a partner of left 1 can come no more").containsExactly("00", "1-");
        lab.publish("left", t + 33 * MS).run();
        assertThat(sets).containsExactly("00", "1-", "-1");
        lab.publish("right", t + 33 * MS).run();

        assertThat(sets).containsExactly("00", "1-", "-1", "22");
        var blinks = lab.blinks("left");
        assertThat(blinks.look(1, 0)).isEqualTo(PRESENT);
        assertThat(blinks.get().value()).isZero();
        assertThat(blinks.look(1, 1)).isEqualTo(PRESENT);
        assertThat(blinks.get().value()).isEqualTo(-1);
        assertThat(blinks.look(1, 2)).isEqualTo(PRESENT);
        assertThat(lab.blinks("right").look(1, 1)).isEqualTo(ABSENT);
        assertThat(lab.stage("pair")).matches(stage -> stage.items() == 4 && stage.results() == 3);
    }

    @Test
    void shouldGiveAnItemAloneWhenItsDeadlineHasPassed() {
        lab.host.detach("pair", List.of("left", "right"));
        lab.camera("third");
        lab.offer("hasty", Profile.EVERY, MS, List.of("frame", "frame"), List.of(Blink.class), List.of(),
                () -> this::look);
        lab.attach("hasty", "left", "third");
        long soon = HostClock.nowNs() + 50 * MS;
        lab.publish("left", soon).run();
        assertThat(sets).isEmpty();
        Recorder.await("the deadline", () -> HostClock.nowNs() > soon + 2 * MS);
        lab.host.look();
        lab.run();

        assertThat(sets).containsExactly("0-");
        assertThat(lab.stage("hasty").late()).isEqualTo(1);
    }

    @Test
    void shouldMatchByClockMapsWhereThereAreSome() {
        lab.shift("right", t); // its device counts tens of milliseconds from t on
        lab.publish("left", t + 10 * MS).publish("right", t + 500 * MS).publish("right", t + 501 * MS)
                .publish("right", t + 502 * MS).run();

        assertThat(sets).containsExactly("-0", "01");
    }

    @Test
    void shouldGiveEachEventAloneOrWithTheFrameOfItsTime() {
        lab.button("button").offer("press", Profile.LOSSLESS, 60_000 * MS, List.of("event"), List.of(Blink.class),
                List.of(), Lab::blinker);
        lab.offer("pressed", Profile.EVERY, 60_000 * MS, List.of("event", "frame"), List.of(Sum.class), List.of(),
                () -> (input, to) -> {
                    sets.add(number(input.item(0)) + number(input.item(1)));
                    to.attach(Sum.class).value(input.item(1) == null ? -1 : input.frame(1).height());
                });
        lab.attach("press", "button").attach("pressed", "button", "left");
        lab.publish("button", t).publish("left", t + MS).publish("button", t + 10 * MS).publish("left", t + 17 * MS)
                .run();

        assertThat(sets).containsExactly("00", "1-");
        var sums = lab.results.reader("button", Sum.class);
        assertThat(sums.look(1, 0)).isEqualTo(PRESENT);
        assertThat(sums.get().value()).isEqualTo(32);
        assertThat(sums.look(1, 1)).isEqualTo(PRESENT);
        assertThat(sums.get().value()).isEqualTo(-1);
        var blinks = lab.blinks("button");
        assertThat(blinks.look(1, 1)).isEqualTo(PRESENT);
        assertThat(blinks.get().first()).as("its own byte").isEqualTo(1);
    }
}
