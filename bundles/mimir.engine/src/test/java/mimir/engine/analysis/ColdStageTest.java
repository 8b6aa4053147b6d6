// SPDX-License-Identifier: Apache-2.0
package mimir.engine.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A stage that is slow at its first items, as code is that the JVM has not translated, costs no other its deadline. */
@Timeout(100)
class ColdStageTest {
    private static final int SLOW_ITEMS = 3;
    private static final int SLOW_STAGES = Math.max(2, Runtime.getRuntime().availableProcessors());
    private static final long FAST_BUDGET_NS = 500_000_000;
    private static final long FAST_ITEMS_MEANWHILE = 15;
    private static final long SHORTEST_NS = 50_000_000; // the fast one may have much to catch up with
    private static final long LONGEST_NS = 2_000_000_000;

    private final RingStore store = RingStore.unseen();
    private final BundleRings rings = new BundleRings(store);
    private final Results results = new Results(rings);
    private final Recorder told = new Recorder();
    private final LiveWork work = new LiveWork(told.log());
    private final Hosting host = new Hosting(new Means(rings, work.pools(), results, new Times(), told.log()::warn,
            (name, call) -> work.workers().start(name, WorkClass.LOW, false, self -> call.run())), work.workers());
    private final RingOwner cam = open();
    private final AtomicLong fastItems = new AtomicLong();
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
        host.close();
        work.close();
        cam.close();
        store.close();
    }

    private void offer(String name, Class<?> output, long budgetMicros, Supplier<Analyzer> maker) {
        var properties = Map.<String, Object>of("mimir.analysis.name", name, "mimir.analysis.outputs", output,
                "mimir.analysis.budgetMicros", budgetMicros, "mimir.analysis.profile", Profile.EVERY.name(),
                "mimir.analysis.parameters", new String[] {"number=0"});
        host.addOffer(new Offer(DeclarationReader.read(properties, name, "test", Class::forName),
                new Offer.Instances() {
                    @Override
                    public Analyzer make() {
                        return maker.get();
                    }

                    @Override
                    public void giveBack(Analyzer gone) {
                        told.log().info("gave back {}", name);
                    }
                }));
    }

    /** Burns a processor at its first items until the fast one has looked at many more; at most two seconds. */
    private final class Cold implements Analyzer {
        private int items;

        @Override
        public void analyze(Input input, Attacher to) {
            long enough = fastItems.get() + FAST_ITEMS_MEANWHILE;
            long begin = System.nanoTime();
            while (items < SLOW_ITEMS && System.nanoTime() - begin < (fastItems.get() < enough ? LONGEST_NS
                    : SHORTEST_NS)) {
                Thread.onSpinWait();
            }
            items++;
            to.attach(Sum.class).value(input.item().descriptor().sequence());
        }
    }

    private void publish() {
        var writer = cam.writer();
        writer.claim();
        writer.descriptor().sequence(sequence++).hostTimeNs(HostClock.nowNs()).shape(cam.formatId(), 32, 32, 1024);
        writer.commit();
        LockSupport.parkNanos(5_000_000); // the pace of a source
    }

    private void publishUntil(String what, Supplier<Boolean> condition) {
        Recorder.await(what, () -> {
            publish();
            return condition.get();
        });
    }

    private List<StageStats> stages(String name) {
        return host.stages().stream().filter(stage -> stage.name().equals(name)).toList();
    }

    @Test
    void shouldCostNoOtherStageOfItsClassADeadline() {
        offer("fast", Blink.class, FAST_BUDGET_NS / 1000, () -> (input, to) -> {
            fastItems.incrementAndGet();
            to.attach(Blink.class).value(input.item().descriptor().sequence());
        });
        offer("cold", Sum.class, 10_000, Cold::new);
        host.attach("fast", List.of("cam"), Map.of());
        publishUntil("it is admitted", () -> !stages("fast").getFirst().trial().on());
        long before = stages("fast").getFirst().items();
        for (int i = 0; i < SLOW_STAGES; i++) {
            host.attach("cold", List.of("cam"), Map.of("number", Integer.toString(i)));
        }
        publishUntil("all are warm", () -> stages("cold").stream().allMatch(stage -> stage.items() > SLOW_ITEMS + 100));

        var fast = stages("fast").getFirst();
        assertThat(fast.items() - before).isGreaterThanOrEqualTo(SLOW_ITEMS * FAST_ITEMS_MEANWHILE);
        assertThat(List.of(fast.misses(), fast.late() - fast.trial().misses(), fast.absent())).containsOnly(0L);
        publishUntil("all are admitted", () -> stages("cold").stream().noneMatch(stage -> stage.trial().on()));
        assertThat(stages("cold")).allMatch(stage -> stage.trial().misses() >= SLOW_ITEMS
                && stage.trial().misses() <= stage.trial().items() && stage.misses() == 0);
    }

    /** Takes longer than others can wait, for ever, at as many sources of threads as there are and more. */
    @Test
    void shouldSetThoseApartWhoTakeLongForEver() {
        offer("fast", Blink.class, FAST_BUDGET_NS / 1000, () -> (input, to) -> to.attach(Blink.class));
        offer("slow", Sum.class, 3_600_000_000L, () -> (input, to) -> {
            LockSupport.parkNanos(450_000_000);
            to.attach(Sum.class);
        });
        for (int i = 0; i < 3 * SLOW_STAGES; i++) {
            host.attach("slow", List.of("cam"), Map.of("number", Integer.toString(i)));
        }
        publishUntil("all are set apart", () -> stages("slow").stream().allMatch(stage -> stage.cause().startsWith(
                "slow takes longer for an item than the 100.0 ms that others can wait, and runs apart from them")));
        assertThat(stages("slow")).extracting(StageStats::state).containsOnly("running");

        host.attach("fast", List.of("cam"), Map.of());
        publishUntil("it is admitted", () -> !stages("fast").getFirst().trial().on());
        long before = stages("fast").getFirst().items();
        long end = System.nanoTime() + LONGEST_NS;
        publishUntil("two seconds are over", () -> System.nanoTime() > end);
        var fast = stages("fast").getFirst();
        assertThat(fast.items() - before).isGreaterThan(20);
        assertThat(List.of(fast.misses(), fast.absent())).containsOnly(0L);
        assertThat(stages("slow")).as("they go on").allMatch(stage -> stage.items() > stage.trial().items());
    }

    @Test
    void shouldAttachAndCountWhatItFindsMeanwhile() {
        offer("fast", Blink.class, FAST_BUDGET_NS / 1000, () -> (input, to) -> {
            fastItems.incrementAndGet();
            to.attach(Blink.class).value(input.item().descriptor().sequence());
        });
        offer("cold", Sum.class, 10_000, Cold::new);
        host.attach("fast", List.of("cam"), Map.of());
        host.attach("cold", List.of("cam"), Map.of());
        long first = sequence;
        publishUntil("it is slow no more", () -> stages("cold").getFirst().items() > SLOW_ITEMS);

        var cold = stages("cold").getFirst();
        assertThat(cold.trial()).matches(trial -> trial.on() && trial.misses() >= SLOW_ITEMS && trial.items() > 0);
        assertThat(cold.late()).isGreaterThanOrEqualTo(SLOW_ITEMS);
        assertThat(cold.misses()).isZero();
        assertThat(cold.state()).isEqualTo("running");
        var sums = results.reader("cam", Sum.class);
        assertThat(sums.look(1, first)).isEqualTo(AttachmentState.LATE);
        assertThat(sums.get().value()).isEqualTo(first);
        sums.close();
    }
}
