// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import mimir.api.analysis.Analyzer;
import mimir.api.analysis.Analyzers.StageStats;
import mimir.api.analysis.Attacher;
import mimir.api.analysis.Input;
import mimir.api.analysis.Stage;
import mimir.api.media.PixelFormat;
import mimir.api.work.WorkClass;
import mimir.engine.work.LiveWork;
import mimir.engine.work.Recorder;
import mimir.ring.Abi;
import mimir.ring.BundleRings;
import mimir.ring.HostClock;
import mimir.ring.RingOwner;
import mimir.ring.RingSpec;
import mimir.ring.RingStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Analysers on the real pools that allocate, and a machine that has nothing left. */
@Timeout(60)
class HostileLiveTest {
    private static final long SECONDS_NS = 20_000_000_000L;

    private final RingStore store = RingStore.unseen();
    private final Recorder told = new Recorder();
    private final LiveWork work = new LiveWork(told.log());
    private final AtomicInteger refusals = new AtomicInteger();
    private final BundleRings rings = new BundleRings(store);
    private final Hosting host = new Hosting(new Means(rings, work.pools(), new Results(rings), new Times(),
            told.log()::warn, this::start), work.workers());
    private final RingOwner cam = open();
    private final CountDownLatch release = new CountDownLatch(1);
    private long sequence;
    private volatile Object sink; // so that nothing is optimised away

    private void start(String name, Runnable call) {
        if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        work.workers().start(name, WorkClass.LOW, false, self -> call.run());
    }

    private RingOwner open() {
        var format = PixelFormat.GREY.packed(32, 32, 0, 60, 1, 0);
        var owner = store.open(new RingSpec("cam", Abi.ITEM_FRAME, 60, format.payloadBytes(), format,
                RingSpec.Writer.JAVA), "test");
        host.addSource(new KnownSource("cam", owner.ring(), Abi.ITEM_FRAME, format, true));
        return owner;
    }

    @AfterEach
    void close() {
        release.countDown();
        assertThat(sink == this).isFalse();
        host.close();
        work.close();
        cam.close();
        store.close();
    }

    private Offer offer(String name, long budgetMicros, long heapMebibytes, Supplier<Analyzer> maker) {
        var properties = Map.<String, Object>of("mimir.analysis.name", name, "mimir.analysis.outputs", Blink.class,
                "mimir.analysis.budgetMicros", budgetMicros, "mimir.analysis.heapMebibytes", heapMebibytes,
                "mimir.analysis.parameters", new String[] {"threshold=4"});
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

    private StageStats stage(String name) {
        return host.stages().stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
    }

    private void publishUntil(BooleanSupplier condition) {
        long end = System.nanoTime() + SECONDS_NS;
        while (!condition.getAsBoolean() && System.nanoTime() < end) {
            cam.writer().claim();
            cam.writer().descriptor().sequence(sequence++).hostTimeNs(HostClock.nowNs())
                    .shape(cam.formatId(), 32, 32, 1024);
            cam.writer().commit();
            LockSupport.parkNanos(10_000_000);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    @Test
    void shouldBearLongRunsThatAllocateModestly() {
        offer("slow", 5_000_000, 64, () -> (input, to) -> {
            allocate(4, 24); // 96 MiB in 2.4 s
            to.attach(Blink.class);
        });
        host.attach("slow", List.of("cam"), Map.of());

        publishUntil(() -> stage("slow").items() > 1 || !stage("slow").state().equals("running"));
        assertThat(stage("slow").state()).isEqualTo("running");
        assertThat(stage("slow").cause()).as("but for how long it takes").doesNotContain("allocates");
    }

    @Test
    void shouldDisableWhoAllocatesTooMuchWithinOneLongRun() {
        offer("hog", 60_000_000, 64, () -> (input, to) -> {
            allocate(20, 30); // 200 MiB/s
            to.attach(Blink.class);
        });
        host.attach("hog", List.of("cam"), Map.of());

        publishUntil(() -> stage("hog").state().equals("disabled"));
        assertThat(stage("hog").cause()).startsWith("hog allocates ");
        assertThat(stage("hog").results()).as("it is still at its item").isZero();
    }

    @Test
    void shouldLetALongBeginAllocate() {
        offer("model", 60_000_000, 1, () -> new Analyzer() {
            @Override
            public void begin(Stage stage) {
                allocate(20, 10);
            }

            @Override
            public void analyze(Input input, Attacher to) {
                to.attach(Blink.class);
            }
        });
        host.attach("model", List.of("cam"), Map.of());

        publishUntil(() -> stage("model").items() > 20 || stage("model").state().equals("disabled"));
        assertThat(stage("model").cause()).isEmpty();
    }

    @Test
    void shouldLetABeginTakeAsLongAsItTakesToLoadAModel() {
        offer("model", 5_000, 64, () -> new Analyzer() {
            @Override
            public void begin(Stage stage) {
                await(release);
            }

            @Override
            public void analyze(Input input, Attacher to) {
                to.attach(Blink.class);
            }
        });
        host.attach("model", List.of("cam"), Map.of());
        publishUntil(() -> stage("model").cause().matches(
                "model has been in its begin for [1-9]\\.\\d s; it goes on when that returns, or detach it"));
        assertThat(stage("model").state()).isEqualTo("stuck");
        assertThatThrownBy(() -> host.enable("model", List.of("cam"))).hasMessageContaining("is not disabled");
        publishUntil(() -> !stage("model").cause().contains("for 1."));

        release.countDown();
        publishUntil(() -> stage("model").results() > 5);
        assertThat(stage("model").state()).isEqualTo("running");
        assertThat(stage("model").failures()).isZero();
    }

    @Test
    void shouldCallNobodyStuckWithinItsTimeAndLetOthersBeginMeanwhile() {
        for (int i = 0; i < 4; i++) {
            offer("sleeper" + i, 3_600_000_000L, 64, () -> (input, to) -> await(release));
            host.attach("sleeper" + i, List.of("cam"), Map.of("threshold", Integer.toString(10 + i)));
        }
        offer("blink", 1_000_000, 64, Lab::blinker);
        publishUntil(() -> work.pools().strands().stream().anyMatch(strand -> strand.runningNs() > 500_000_000));
        host.attach("blink", List.of("cam"), Map.of());

        publishUntil(() -> stage("blink").results() > 20);
        assertThat(stage("sleeper0").state()).isEqualTo("running");
        release.countDown();
    }

    @Test
    void shouldLookAfterStagesAgainWhenThereWasNoMemoryForIt() {
        Supplier<Analyzer> blinker = () -> (input, to) -> to.attach(Blink.class);
        var offer = offer("blink", 10_000, 64, blinker);
        host.attach("blink", List.of("cam"), Map.of());
        host.removeOffer(offer);
        refusals.set(3);
        offer("blink", 10_000, 64, blinker);

        publishUntil(() -> stage("blink").items() > 0);
        assertThat(stage("blink").state()).isEqualTo("running");
        assertThat(refusals.get()).isZero();
    }

    private void allocate(int mebibytes, int times) {
        for (int i = 0; i < times; i++) {
            sink = new byte[mebibytes << 20];
            LockSupport.parkNanos(100_000_000);
        }
    }

    /** An exception whose message never comes. */
    private final class Endless extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            await(release);
            return "at last";
        }
    }

    private static void await(CountDownLatch latch) {
        boolean over = false;
        while (!over) {
            try {
                latch.await();
                over = true;
            } catch (InterruptedException deaf) {
                over = false;
            }
        }
    }

    @Test
    void shouldNotWaitForTheWordsOfOneThatCannotBeMade() {
        offer("mute", 5_000, 64, () -> {
            throw new Endless();
        });
        offer("blink", 5_000_000, 64, Lab::blinker);
        host.attach("mute", List.of("cam"), Map.of("threshold", "5"));
        host.attach("blink", List.of("cam"), Map.of());

        publishUntil(() -> stage("blink").results() > 0);
        assertThat(stage("mute").cause()).startsWith("mute has been in its constructor for");
        release.countDown();
        publishUntil(() -> stage("mute").cause().equals("at last"));
    }

    @Test
    void shouldNameWhoseExceptionsNeverSayWhy() {
        offer("mute", 5_000, 64, () -> (input, to) -> {
            throw new Endless();
        });
        host.attach("mute", List.of("cam"), Map.of());

        publishUntil(() -> stage("mute").state().equals("stuck"));
        host.detach("mute", List.of("cam"));
        offer("blink", 5_000_000, 64, Lab::blinker);
        host.attach("blink", List.of("cam"), Map.of());
        publishUntil(() -> stage("blink").results() > 0);
        release.countDown();
    }

    @Test
    void shouldLetAnAnalyserGoThatLeavesInTheMiddleOfItsItem() {
        offer("blink", 5_000_000, 64, Lab::blinker);
        host.attach("blink", List.of("cam"), Map.of());
        var self = new AtomicReference<Offer>();
        offer("detacher", 5_000_000, 64, () -> (input, to) -> {
            to.attach(Blink.class).value(1);
            host.detach("detacher", List.of("cam"));
            to.attach(Blink.class).value(2);
        });
        self.set(offer("stopper", 5_000_000, 64, () -> (input, to) -> {
            to.attach(Blink.class).value(1);
            host.removeOffer(self.get());
        }));
        host.attach("detacher", List.of("cam"), Map.of("threshold", "5"));
        host.attach("stopper", List.of("cam"), Map.of("threshold", "6"));

        publishUntil(() -> told.lines().containsAll(List.of("info: gave back detacher", "info: gave back stopper")));
        assertThat(host.stages()).extracting(StageStats::name).containsExactly("blink", "stopper");
        assertThat(stage("stopper").cause()).isEqualTo("analyser stopper is gone; start its bundle");
        assertThat(stage("blink").cause()).isEmpty();
    }
}
