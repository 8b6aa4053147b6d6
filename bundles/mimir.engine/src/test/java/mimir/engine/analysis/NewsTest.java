// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import mimir.api.analysis.Analyzer;
import mimir.api.analysis.Analyzers.Kind;
import mimir.api.analysis.Analyzers.StageStats;
import mimir.api.media.PixelFormat;
import mimir.ring.Abi;
import mimir.ring.BundleRings;
import mimir.ring.RingSpec;
import mimir.ring.RingStore;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the registry tells is heard, however long somebody is at it: it is told once. */
@Timeout(60)
class NewsTest {
    private static final int MANY = 1_200;

    private final RingStore store = RingStore.unseen();
    private final BundleRings rings = new BundleRings(store);
    private final List<String> warnings = new CopyOnWriteArrayList<>();
    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final Hosting host = new Hosting(new Means(rings, new ManualPools(), new Results(rings), new Times(),
            warnings::add, this::startAtLast), new IdleWorkers());

    /** A system that takes its time to make a thread: for so long the host has its lock. */
    private void startAtLast(String name, Runnable call) {
        held.countDown();
        try {
            release.await();
        } catch (InterruptedException ended) {
            throw new IllegalStateException("the test has ended", ended);
        }
        call.run();
    }

    @AfterEach
    void close() {
        release.countDown();
        host.close();
        store.close();
    }

    private KnownSource source(String id) {
        var format = PixelFormat.GREY.packed(32, 32, 0, 60, 1, 0);
        var owner = store.open(new RingSpec(id, Abi.ITEM_FRAME, 60, format.payloadBytes(), format,
                RingSpec.Writer.JAVA), "test");
        return new KnownSource(id, owner.ring(), Abi.ITEM_FRAME, format, true);
    }

    private static Offer offer(String name) {
        var properties = Map.<String, Object>of("mimir.analysis.name", name, "mimir.analysis.outputs", Blink.class);
        return new Offer(DeclarationReader.read(properties, name, "test", Class::forName), new Offer.Instances() {
            @Override
            public Analyzer make() {
                return Lab.blinker();
            }

            @Override
            public void giveBack(Analyzer analyzer) {
                // nobody asks
            }
        });
    }

    @Test
    void shouldHearWhatIsToldWhileSomebodyElseIsAtIt() throws InterruptedException {
        host.addSource(source("cam"));
        host.addOffer(offer("blink"));
        var attaching = Thread.ofPlatform().start(() -> host.attach("blink", List.of("cam"), Map.of()));
        held.await();
        long before = System.nanoTime();

        host.addSource(source("two"));
        host.addOffer(offer("blank"));
        host.removeSource("cam");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).as("whoever starts bundles is not held up")
                .isLessThan(Duration.ofSeconds(5));
        release.countDown();
        attaching.join();

        assertThat(host.kinds()).extracting(Kind::name).containsExactly("blank", "blink");
        host.attach("blank", List.of("two"), Map.of());
        assertThat(host.stages()).extracting(StageStats::name, StageStats::state)
                .contains(Tuple.tuple("blank", "running"));
        host.look();
        assertThat(host.stages()).filteredOn(stage -> stage.name().equals("blink")).singleElement()
                .matches(stage -> stage.cause().startsWith("source cam is gone"));
    }

    /** More than there is room for: who tells it waits, as everybody does who asks for something. */
    @Test
    void shouldLoseNoNewsWhenTooManyPileUp() throws InterruptedException {
        host.addSource(source("cam"));
        host.addOffer(offer("blink"));
        var attaching = Thread.ofPlatform().start(() -> host.attach("blink", List.of("cam"), Map.of()));
        held.await();

        var telling = Thread.ofPlatform().start(() ->
                IntStream.range(0, MANY).forEach(number -> host.addOffer(offer("one " + number))));
        long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (telling.getState() != Thread.State.TIMED_WAITING && System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        assertThat(telling.getState()).as("it does not grow").isEqualTo(Thread.State.TIMED_WAITING);
        release.countDown();
        telling.join();
        attaching.join();

        assertThat(host.kinds()).hasSize(MANY + 1);
        assertThat(warnings).isEmpty();
    }

    @Test
    void shouldForgetAnAnalyserThatGoesWhileNobodyCanWait() {
        release.countDown();
        host.addSource(source("cam"));
        var offer = offer("blink");
        host.addOffer(offer);
        host.attach("blink", List.of("cam"), Map.of());

        Thread.currentThread().interrupt();
        host.removeOffer(offer);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(warnings).containsExactly("stages of blink end a little later: waiting for analysis was "
                + "interrupted; try again");
        host.look();
        assertThat(host.stages()).singleElement().matches(stage -> stage.cause()
                .equals("analyser blink is gone; start its bundle"));
    }
}
