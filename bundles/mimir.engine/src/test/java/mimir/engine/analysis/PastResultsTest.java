// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import static mimir.api.analysis.AttachmentState.ABSENT;
import static mimir.api.analysis.AttachmentState.GONE;
import static mimir.api.analysis.AttachmentState.LATE;
import static mimir.api.analysis.AttachmentState.PENDING;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import mimir.api.analysis.Analyzer;
import mimir.api.analysis.Attacher;
import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentLayout;
import mimir.api.analysis.Input;
import mimir.api.analysis.Stage;
import mimir.api.media.FrameView;
import mimir.ring.Profile;
import mimir.ring.Ring;
import mimir.ring.Start;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Results that their ring holds no more are read from the reservoir, by the same readers and views. All of them are
 * late: the times of the items are those of long ago.
 */
class PastResultsTest {
    private static final int SLOTS = 64; // of a ring of results with such a tail
    private static final int TAIL = 128 << 10;
    private static final int ITEMS = 3 * SLOTS;

    private final Lab lab = new Lab().camera("cam");
    private final FakeRetention retention = new FakeRetention();

    @AfterEach
    void close() {
        lab.close();
        retention.close();
    }

    /** Attaches to every third item nothing. */
    private static Analyzer large() {
        return new Analyzer() {
            @Override
            public long tailBytes(Class<? extends Attachment> type, Stage stage) {
                return TAIL;
            }

            @Override
            public void analyze(Input input, Attacher to) {
                long sequence = input.item().descriptor().sequence();
                if (sequence % 3 != 2) {
                    to.attach(Blink.class, TAIL).value(sequence);
                }
            }
        };
    }

    private void takeAll(int items) {
        for (int i = 0; i < items; i++) {
            lab.publish("cam", 1_000L * i).run();
            retention.take();
        }
    }

    private void begin() {
        lab.results.retention(retention);
        lab.offer("large", PastResultsTest::large);
        lab.attach("large", "cam");
        takeAll(ITEMS);
    }

    private List<Long> read(ResultReader<Blink> blinks) {
        var values = new ArrayList<Long>();
        while (blinks.next()) {
            values.add(blinks.get().value());
            assertThat(blinks.sequence()).isEqualTo(values.getLast());
            assertThat(blinks.get().tailBytes()).isEqualTo(TAIL);
            assertThat(blinks.intact()).isTrue();
        }
        return values;
    }

    private static List<Long> valuesFrom(long first) {
        return LongStream.range(first, ITEMS).filter(i -> i % 3 != 2).boxed().toList();
    }

    @Test
    void shouldFindTheResultOfEveryItem() {
        begin();
        var blinks = lab.blinks("cam");
        for (long i = 0; i < ITEMS; i++) {
            assertThat(blinks.look(1, i)).as("%d", i).isEqualTo(i % 3 == 2 ? ABSENT : LATE);
            assertThat(blinks.get() == null ? i : blinks.get().value()).isEqualTo(i);
        }
        assertThat(blinks.look(1, ITEMS)).isEqualTo(PENDING);
        assertThat(blinks.look(1, 3)).isEqualTo(LATE);
        assertThat(blinks.hostTimeNs()).isEqualTo(3_000);
        assertThat(blinks.completedNs()).isPositive();
    }

    @Test
    void shouldGiveAViewOfAnOldFrameWhatItGivesOfANewOne() {
        begin();
        lab.host.detach("large", List.of("cam"));
        lab.host.removeOffer(lab.offers.get("large"));
        try (var frames = lab.rings.find("cam").orElseThrow().reader("test", Profile.EVERY, Start.OLDEST);
                var attached = lab.results.of("cam")) {
            var view = new FrameView(attached);
            var lease = frames.next();
            lease.descriptor().sequence(1); // an item long ago
            assertThat(view.wrap(lease).attachment(Blink.class).value()).isEqualTo(1);
            lease.descriptor().sequence(2);
            assertThat(view.attachment(Blink.class)).isNull();
            assertThat(attached.intact()).isTrue();
        }
    }

    @Test
    void shouldSayThatItIsGoneAndNotThatItNeverWas() {
        begin();
        retention.evict(30_000);
        var blinks = lab.blinks("cam");
        assertThat(blinks.look(1, 28)).isEqualTo(GONE);
        assertThat(blinks.look(1, 30)).isEqualTo(LATE);
        retention.evict(40_000);
        assertThat(blinks.intact()).isFalse();
        assertThat(blinks.get()).as("what was handed out stays what it was: intact() tells").isNotNull();
        retention.evict(41_500);
        assertThat(blinks.look(1, 41)).as("by key").isEqualTo(GONE);
        try (var frames = lab.rings.find("cam").orElseThrow().reader("test", Profile.EVERY, Start.OLDEST)) {
            var lease = frames.next();
            lease.descriptor().sequence(41).hostTimeNs(41_600);
            assertThat(blinks.look(lease)).as("nothing of that time is gone").isEqualTo(ABSENT);
            lease.descriptor().hostTimeNs(41_000);
            assertThat(blinks.look(lease)).isEqualTo(GONE);
        }
    }

    @Test
    void shouldReadOnFromThePastIntoThePresent() {
        begin();
        var blinks = lab.blinks("cam");
        blinks.seek(0);
        assertThat(read(blinks)).isEqualTo(valuesFrom(0));
        assertThat(blinks.missed()).isZero();
        lab.publish("cam", 1_000L * ITEMS).run(); // not in the reservoir yet
        assertThat(read(blinks)).containsExactly((long) ITEMS);
        blinks.seek(10_001);
        lab.publish("cam", 1_000L * ITEMS + 1).run();
        assertThat(read(blinks)).startsWith(12L, 13L).endsWith(ITEMS - 2L, (long) ITEMS, ITEMS + 1L)
                .doesNotHaveDuplicates();
        blinks.seek(1_000L * (ITEMS - 4));
        assertThat(blinks.next()).isTrue();
        assertThat(blinks.sequence()).isEqualTo(ITEMS - 3);
    }

    @Test
    void shouldReadWhatWasFreedAndForgetItAfterItsLastResult() {
        lab.results.retention(retention);
        lab.offer("blink", Lab::blinker);
        int sweeps = KeptResults.MOST + 8;
        for (int value = 0; value < sweeps; value++) {
            lab.host.attach("blink", List.of("cam"), Map.of("threshold", Integer.toString(10 + value)));
            lab.publish("cam", 1_000L * value).run();
            retention.take();
            lab.host.detach("blink", List.of("cam"));
        }
        var first = "cam/test.blink@1?threshold=10";
        lab.host.look();
        assertThat(lab.rings.list().stream().map(Ring::identity)).as("its memory was given back").doesNotContain(first);
        var blinks = lab.results.open("cam", Blink.class, Map.of("test.blink@1", first));
        assertThat(blinks.look(1, 0)).isEqualTo(LATE);
        assertThat(blinks.next()).isTrue();
        assertThat(blinks.get().value()).isZero();
        assertThat(blinks.next()).isFalse();

        retention.forget(first);
        lab.host.look();
        assertThat(lab.results.find("cam", AttachmentLayout.of(Blink.class), first)).isNull();
        lab.host.attach("blink", List.of("cam"), Map.of("threshold", "10"));
        lab.publish("cam", 1_000L * sweeps).run();
        assertThat(blinks.look(1, sweeps)).as("the ring is another one").isEqualTo(LATE);
    }

    @Test
    void shouldLetGoOfAllWhenTheEngineStops() {
        lab.results.retention(retention);
        lab.offer("blink", Lab::blinker);
        lab.host.attach("blink", List.of("cam"), Map.of("threshold", "10"));
        lab.take("cam").host.detach("blink", List.of("cam"));
        lab.host.close();
        assertThat(lab.rings.list()).extracting(Ring::identity).containsExactly("cam");
        assertThat(retention.kept("cam/test.blink@1?threshold=10")).isEqualTo(1);
    }

    @Test
    void shouldTakeAReservoirThatComesAndGoes() {
        lab.offer("large", PastResultsTest::large);
        lab.attach("large", "cam");
        var blinks = lab.blinks("cam");
        takeAll(SLOTS / 2);
        lab.results.retention(retention);
        takeAll(2 * SLOTS);
        assertThat(blinks.look(1, 0)).isEqualTo(LATE);
        blinks.seek(0);
        assertThat(blinks.next() && blinks.next()).isTrue();

        retention.stopped = true;
        assertThat(blinks.look(1, 1)).isEqualTo(GONE);
        blinks.seek(0);
        assertThat(blinks.next()).as("the ring is still there").isTrue();
        lab.results.retention(null);
        assertThat(blinks.look(1, 1)).isEqualTo(GONE);
        var another = new FakeRetention();
        lab.results.retention(another);
        another.take();
        assertThat(blinks.look(1, SLOTS / 2 + 2 * SLOTS - 3)).isEqualTo(LATE);
        another.close();
    }
}
