// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import mimir.api.analysis.Analyzer;
import mimir.api.analysis.Analyzers.StageStats;
import mimir.api.analysis.Attacher;
import mimir.api.analysis.AttachmentState;
import mimir.api.analysis.Input;
import mimir.api.media.PixelFormat;
import mimir.api.work.WorkClass;
import mimir.engine.work.LiveWork;
import mimir.engine.work.Recorder;
import mimir.ring.Abi;
import mimir.ring.BundleRings;
import mimir.ring.HostClock;
import mimir.ring.Profile;
import mimir.ring.RingOwner;
import mimir.ring.RingSpec;
import mimir.ring.RingStore;
import mimir.ring.Start;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Stages on the real pools and workers: the doorbell wakes them, and what hangs is found and named. */
@Timeout(60)
class LiveStageTest {
    private static final long SECOND_NS = 1_000_000_000;

    private final RingStore store = RingStore.unseen();
    private final BundleRings rings = new BundleRings(store);
    private final Results results = new Results(rings);
    private final Recorder told = new Recorder();
    private final LiveWork work = new LiveWork(told.log());
    private final Hosting host = new Hosting(new Means(rings, work.pools(), results, new Times(), told.log()::warn,
            (name, call) -> work.workers().start(name, WorkClass.LOW, false, self -> call.run())), work.workers());
    private final RingOwner cam = open();
    private final AtomicBoolean hanging = new AtomicBoolean(true);
    private long sequence;

    private RingOwner open() {
        var format = PixelFormat.GREY.packed(32, 32, 0, 60, 1, 0);
        var owner = store.open(new RingSpec("cam", Abi.ITEM_FRAME, 60, format.payloadBytes(), format,
                RingSpec.Writer.JAVA), "test");
        host.addSource(new KnownSource("cam", owner.ring(), Abi.ITEM_FRAME, format, true));
        return owner;
    }

    @AfterEach
    void close() {
        hanging.set(false);
        host.close();
        work.close();
        cam.close();
        store.close();
    }

    private void publish() {
        var writer = cam.writer();
        writer.claim();
        writer.descriptor().sequence(sequence++).hostTimeNs(HostClock.nowNs()).shape(cam.formatId(), 32, 32, 1024);
        writer.commit();
    }

    private void offer(String name, Analyzer analyzer) {
        offer(name, Blink.class, List.of(), analyzer);
    }

    private void offer(String name, Class<?> output, List<Class<?>> needs, Analyzer analyzer) {
        offer(name, output, needs, () -> analyzer);
    }

    private Offer offer(String name, Class<?> output, List<Class<?>> needs, Supplier<Analyzer> maker) {
        var properties = Map.<String, Object>of("mimir.analysis.name", name, "mimir.analysis.outputs", output,
                "mimir.analysis.needs", needs, "mimir.analysis.budgetMicros", 1_000L, "mimir.analysis.profile",
                Profile.EVERY.name());
        var offer = new Offer(DeclarationReader.read(properties, name, "test", Class::forName),
                new Offer.Instances() {
                    @Override
                    public Analyzer make() {
                        return maker.get();
                    }

                    @Override
                    public void giveBack(Analyzer gone) {
                        told.log().info("gave back {}", name);
                    }
                });
        host.addOffer(offer);
        return offer;
    }

    /** Deaf to interrupts, as a stranger's code may be. */
    private void hang() {
        while (hanging.get()) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static Duration timed(Runnable step) {
        long before = System.nanoTime();
        step.run();
        return Duration.ofNanos(System.nanoTime() - before);
    }

    private StageStats stage(String name) {
        return host.stages().stream().filter(stage -> stage.name().equals(name)).findFirst().orElseThrow();
    }

    @Test
    void shouldLookAtEachItemSoonAfterItCame() {
        var longest = new AtomicLong();
        offer("blink", (input, to) -> {
            longest.accumulateAndGet(HostClock.nowNs() - input.item().descriptor().hostTimeNs(), Math::max);
            to.attach(Blink.class).value(input.item().descriptor().sequence());
        });
        host.attach("blink", List.of("cam"), Map.of());
        try (var blinks = results.reader("cam", Blink.class)) {
            for (int i = 0; i < 200; i++) {
                publish();
                assertThat(blinks.await(10 * SECOND_NS)).isTrue();
                int item = i;
                Recorder.await("result " + i, () -> blinks.look(1, item) == AttachmentState.PRESENT
                        || blinks.look(1, item) == AttachmentState.LATE);
                assertThat(blinks.get().value()).isEqualTo(i);
                assertThat(blinks.next()).isTrue();
            }
        }
        // a result is seen before it is counted
        Recorder.await("the account", () -> stage("blink").results() == 200 && stage("blink").absent() == 0);
        assertThat(longest.get()).isLessThan(5 * SECOND_NS);
    }

    @Test
    void shouldNameAndRemoveWhoNeverComesBack() {
        offer("spin", (input, to) -> {
            to.attach(Blink.class).value(1);
            while (hanging.get()) {
                Thread.onSpinWait();
            }
        });
        offer("blink", (input, to) -> to.attach(Blink.class).value(2));
        host.attach("spin", List.of("cam"), Map.of());
        publish();
        Recorder.await("the watchdog", () -> stage("spin").state().equals("stuck"));
        assertThat(stage("spin").cause()).matches(
                "spin takes [0-9.]+ s for one item of which it may take 1.0 ms; correct it, or detach it");
        long before = System.nanoTime();
        host.detach("spin", List.of("cam"));
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(8));
        assertThat(stage("spin").state()).isEqualTo("stuck");
        host.attach("blink", List.of("cam"), Map.of());
        publish();
        var blinks = results.reader("cam", Blink.class);
        Recorder.await("the result of the other one", () -> blinks.look(1, 1) == AttachmentState.PRESENT
                || blinks.look(1, 1) == AttachmentState.LATE);
        assertThat(blinks.get().value()).isEqualTo(2);
        hanging.set(false);
        Recorder.await("the end of the first", () -> host.stages().size() == 1);
        Recorder.await("its return", () -> told.lines().contains("info: gave back spin")); // when it is off the list
    }

    @Test
    void shouldNameAndRemoveWhoNeverComesOutOfItsConstructor() throws InterruptedException {
        var offer = offer("unborn", Sum.class, List.of(), () -> {
            hang();
            return (input, to) -> to.attach(Sum.class).value(1);
        });
        offer("blink", (input, to) -> to.attach(Blink.class).value(2));
        var attaching = Thread.ofPlatform().start(() -> host.attach("unborn", List.of("cam"), Map.of()));
        Recorder.await("the stage", () -> host.stages().size() == 1);
        assertThat(timed(() -> host.attach("blink", List.of("cam"), Map.of()))).isLessThan(Duration.ofMillis(900));
        Recorder.await("its name", () -> stage("unborn").state().equals("stuck"));
        assertThat(stage("unborn").cause()).matches("unborn has been in its constructor for [0-9.]+ s; it goes on when "
                + "that returns, or detach it");
        attaching.join();

        assertThat(timed(() -> host.detach("unborn", List.of("cam")))).isLessThan(Duration.ofSeconds(8));
        assertThat(stage("unborn")).matches(stage -> stage.state().equals("stuck") && stage.users() == 0);
        assertThat(stage("unborn").cause()).isEqualTo(
                "unborn was taken away and is still in its constructor; restart Mimir to be rid of it");
        host.attach("unborn", List.of("cam"), Map.of());
        assertThat(timed(() -> host.removeOffer(offer))).as("its bundle can stop").isLessThan(Duration.ofSeconds(8));
        hanging.set(false);
        Recorder.await("its end", () -> host.stages().stream().filter(stage -> stage.name().equals("unborn"))
                .allMatch(stage -> stage.cause().equals("analyser unborn is gone; start its bundle")));
        Recorder.await("both given back", () ->
                told.lines().stream().filter("info: gave back unborn"::equals).count() == 2);
    }

    @Test
    void shouldRunWhoComesOutOfItsConstructorAtLastAndThoseWhoNeedIt() {
        offer("late", Blink.class, List.of(), () -> {
            hang();
            return (input, to) -> to.attach(Blink.class).value(1);
        });
        offer("sum", Sum.class, List.of(Blink.class), (input, to) -> to.attach(Sum.class).value(2));
        host.attach("sum", List.of("cam"), Map.of());
        assertThat(stage("sum").state()).isEqualTo("waiting");
        assertThat(stage("sum").cause()).startsWith("it needs late of cam, which is ");
        hanging.set(false);
        Recorder.await("both run", () -> host.stages().stream().allMatch(stage -> stage.state().equals("running")));
        publish();
        Recorder.await("a result", () -> stage("sum").results() == 1);
    }

    @Test
    void shouldNameWhoNeverComesOutOfItsClose() {
        offer("clinging", new Analyzer() {
            @Override
            public void analyze(Input input, Attacher to) {
                to.attach(Blink.class).value(input.item().descriptor().sequence());
            }

            @Override
            public void close() {
                hang();
            }
        });
        host.attach("clinging", List.of("cam"), Map.of());
        assertThat(timed(() -> host.detach("clinging", List.of("cam")))).isLessThan(Duration.ofSeconds(8));
        assertThat(stage("clinging").cause()).isEqualTo(
                "clinging was taken away and is still in its close; restart Mimir to be rid of it");
        assertThat(timed(() -> host.attach("clinging", List.of("cam"), Map.of()))).isLessThan(Duration.ofMillis(900));
        publish();
        Recorder.await("a result of another instance", () -> host.stages().stream().anyMatch(one -> one.results() > 0));
        hanging.set(false);
        Recorder.await("the end of the first", () -> host.stages().size() == 1);
    }

    @Test
    void shouldComeAndGoWhileItemsFlow() throws InterruptedException {
        offer("blink", (input, to) -> to.attach(Blink.class).value(input.item().descriptor().sequence()));
        offer("sum", Sum.class, List.of(Blink.class),
                (input, to) -> to.attach(Sum.class).value(input.attachment(Blink.class).value() + 1));
        var witness = cam.ring().reader("witness", Profile.EVERY, Start.NOW);
        var flowing = new AtomicBoolean(true);
        var publisher = Thread.ofPlatform().start(() -> {
            while (flowing.get()) {
                publish();
                for (var seen = witness.next(); seen != null; seen = witness.next()) {
                    seen.release();
                }
                LockSupport.parkNanos(500_000);
            }
        });
        long found = 0;
        try (var sums = results.reader("cam", Sum.class)) {
            for (int cycle = 0; cycle < 30; cycle++) {
                host.attach("sum", List.of("cam"), Map.of());
                Recorder.await("results", () -> stage("sum").results() >= 5);
                while (sums.next()) {
                    assertThat(sums.get().value()).isEqualTo(sums.sequence() + 1);
                    found++;
                }
                host.detach("sum", List.of("cam"));
                assertThat(host.stages()).isEmpty();
            }
        }
        flowing.set(false);
        publisher.join();
        assertThat(found).isGreaterThanOrEqualTo(30 * 5 - 5);
        assertThat(witness.stats()).matches(stats -> stats.overtaken() == 0 && stats.delivered() == sequence);
        assertThat(cam.ring().stats().readers()).as("readers left open").hasSize(1);
        assertThat(work.pools().strands()).isEmpty();
        Recorder.await("all given back", () ->
                told.lines().stream().filter(line -> line.startsWith("info: gave back")).count() == 60);
        witness.close();
    }
}
