// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import static mimir.api.analysis.AttachmentState.LATE;
import static mimir.api.analysis.AttachmentState.PRESENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import mimir.api.BadInputException;
import mimir.ring.HostClock;
import mimir.ring.Profile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A stage that begins in the past sees each item once, in order, however far behind the reservoir is. */
@Timeout(60)
class PastTest {
    private static final long MS = 1_000_000;
    private static final long BACK_NS = 10_000 * MS;

    private final Lab lab = new Lab().camera("cam");
    private final KeptPast past = new KeptPast(lab.ring("cam"));
    private final List<Long> seen = new ArrayList<>();

    PastTest() {
        lab.host.histories().reservoir(past.reservoir());
        offer("seen", Profile.EVERY);
    }

    private void offer(String name, Profile profile) {
        lab.offer(name, profile, Lab.BUDGET_NS, List.of("frame"), List.of(Blink.class), List.of(),
                () -> (input, to) -> {
                    seen.add(input.item().descriptor().sequence());
                    to.attach(Blink.class).value(input.item().descriptor().sequence());
                });
    }

    @AfterEach
    void close() {
        past.close();
        lab.close();
    }

    private PastTest published(int items, long spacingNs) {
        long begin = HostClock.nowNs() - items * spacingNs;
        for (int i = 0; i < items; i++) {
            lab.publish("cam", begin + i * spacingNs);
            past.keep(1);
        }
        return this;
    }

    private void attach(String name) {
        lab.host.attach(name, List.of("cam"), Map.of(), BACK_NS);
    }

    private void until(int items) {
        long deadline = HostClock.nowNs() + 10_000 * MS;
        while (seen.size() < items) {
            assertThat(HostClock.nowNs()).as("%d of %d items by now", seen.size(), items).isLessThan(deadline);
            lab.nudgeAll(HostClock.nowNs());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldSeeEachItemOnceAndInOrder(long seed) {
        var random = new Random(seed);
        int before = 1 + random.nextInt(25); // the ring holds 32
        published(before, MS);
        attach("seen");
        int all = 400;
        for (int published = before; published < all; published++) {
            lab.publish("cam");
            past.keepBut(random.nextInt(8)); // now behind, now up with the source
            if (random.nextBoolean()) {
                lab.run();
            }
        }
        lab.take("cam");
        past.keepBut(0);
        until(all + 1);
        assertThat(seen).as("seed " + seed).isEqualTo(LongStream.rangeClosed(0, all).boxed().toList());
        var stage = lab.stage("seen");
        assertThat(List.of(stage.items(), stage.results(), stage.absent(), stage.overtaken(), stage.misses()))
                .containsExactly(all + 1L, all + 1L, 0L, 0L, 0L);
    }

    @Test
    void shouldLookAtThePastAtFourTimesItsSpeed() {
        published(100, 4 * MS);
        long began = HostClock.nowNs();
        attach("seen");
        until(100);

        assertThat(HostClock.nowNs() - began).isGreaterThan(99 * 4 * MS / Past.PACE);
    }

    @Test
    void shouldLeaveOutNothingOfThePastWhereOnlyTheNewestIsWantedLater() {
        offer("latest", Profile.LATEST);
        published(50, MS);
        attach("latest");
        until(50);
        lab.publish("cam");
        lab.nudgeAll(HostClock.nowNs());
        past.keep(1);
        until(51);
        lab.publish("cam").publish("cam").take("cam");

        assertThat(seen.subList(0, 51)).isEqualTo(LongStream.range(0, 51).boxed().toList());
        assertThat(seen.subList(51, seen.size())).containsExactly(53L);
    }

    @Test
    void shouldGoOnWithTheRingWhereTheReservoirHasRefusedAnItem() {
        published(5, MS);
        attach("seen");
        until(5);
        lab.publish("cam");
        until(6);

        assertThat(seen).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void shouldCountWhatTheEdgePassedBeforeItWasLookedAt() {
        published(100, 8 * MS);
        attach("seen");
        until(10);
        past.gone = 90;
        until(20);
        while (seen.getLast() < 99) {
            lab.nudgeAll(HostClock.nowNs());
        }
        var stage = lab.stage("seen");
        assertThat(stage.overtaken()).isEqualTo(100 - seen.size());
        assertThat(stage.items() + stage.absent()).isEqualTo(100);
    }

    @Test
    void shouldGoOnWithTheRingWhenTheReservoirStops() {
        published(100, 8 * MS);
        attach("seen");
        until(10);
        past.stopped = true;
        while (seen.getLast() < 100) {
            lab.publish("cam").nudgeAll(HostClock.nowNs());
        }
        var stage = lab.stage("seen");
        assertThat(stage.state()).isEqualTo("running");
        assertThat(seen).isSorted().doesNotHaveDuplicates();
        assertThat(stage.overtaken()).isEqualTo(seen.getLast() + 1 - seen.size());
        assertThat(stage.items() + stage.absent()).isEqualTo(seen.getLast() + 1);
    }

    @Test
    void shouldLetWhatItNeedsBeginInThePastToo() {
        lab.offer("sum", Profile.EVERY, Lab.BUDGET_NS, List.of("frame"), List.of(Sum.class), List.of(Blink.class),
                () -> (input, to) -> to.attach(Sum.class).value(input.attachment(Blink.class).value()));
        published(30, MS);
        attach("sum");
        while (lab.stage("sum").items() < 30) {
            lab.nudgeAll(HostClock.nowNs());
        }
        assertThat(lab.stage("sum").results()).isEqualTo(30);
        assertThat(lab.stage("seen").results()).isEqualTo(30);
    }

    /** Results are found by their order: one that came again for an older item would hide others. */
    @Test
    void shouldBeginAfterTheResultsOfAFormerLife() {
        published(20, MS);
        attach("seen");
        until(20);
        lab.host.detach("seen", List.of("cam"));
        published(15, MS);
        attach("seen");
        until(35);
        lab.nudgeAll(HostClock.nowNs());

        assertThat(seen).isEqualTo(LongStream.range(0, 35).boxed().toList());
        var blinks = lab.blinks("cam");
        for (long i = 0; i < 35; i++) {
            assertThat(blinks.look(1, i)).as("%d", i).isIn(PRESENT, LATE);
        }
    }

    @Test
    void shouldMatchTheItemsOfSeveralSourcesInThePastToo() {
        lab.camera("other");
        try (var others = new KeptPast(lab.ring("other"))) {
            lab.host.histories().reservoir(KeptPast.reservoir(past, others));
            lab.offer("pair", Profile.EVERY, Lab.BUDGET_NS, List.of("frame", "frame"), List.of(Sum.class), List.of(),
                    () -> (input, to) -> seen.add(input.item(0) == null || input.item(1) == null ? -1
                            : input.item(0).descriptor().sequence() + input.item(1).descriptor().sequence()));
            long begin = HostClock.nowNs() - 200 * MS;
            for (int i = 0; i < 20; i++) {
                lab.publish("cam", begin + 10 * MS * i).publish("other", begin + 10 * MS * i + MS);
                past.keep(1);
                others.keep(1);
            }
            lab.host.attach("pair", List.of("cam", "other"), Map.of(), BACK_NS);
            until(20);
            long now = HostClock.nowNs();
            lab.publish("cam", now).publish("other", now);
            past.keep(1);
            others.keep(1);
            until(21);
            assertThat(seen).isEqualTo(LongStream.rangeClosed(0, 20).map(i -> 2 * i).boxed().toList());
        }
    }

    @Test
    void shouldSayHowFarThePastReaches() {
        published(5, MS);
        past.edgeNs = HostClock.nowNs() - 7_500 * MS;
        assertThatThrownBy(() -> attach("seen")).isInstanceOf(BadInputException.class)
                .hasMessageMatching("the reservoir reaches back 7\\.[5-9] s and not 10\\.0; attach with --from -6s");
        past.edgeNs = HostClock.nowNs() - 20_000 * MS;
        attach("seen");
        assertThatThrownBy(() -> attach("seen")).isInstanceOf(BadInputException.class)
                .hasMessage("seen of cam is attached already and looks at what comes; detach it first, or attach"
                        + " without --from");
        lab.host.histories().reservoir(null);
        offer("other", Profile.EVERY);
        assertThatThrownBy(() -> attach("other")).hasMessage(
                "nobody keeps the past: this rig has no reservoir; attach without --from");
        assertThat(lab.host.stages()).hasSize(1);
    }
}
