// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import mimir.api.BadInputException;
import mimir.api.analysis.Analyzer;
import mimir.api.analysis.Analyzers;
import mimir.api.analysis.Analyzers.StageStats;
import mimir.api.analysis.Attacher;
import mimir.api.analysis.Attachment;
import mimir.api.analysis.AttachmentState;
import mimir.api.analysis.Attachments;
import mimir.api.analysis.Input;
import mimir.api.analysis.Stage;
import mimir.api.media.FrameView;
import mimir.api.reservoir.Reservoir;
import mimir.api.swap.Swapper;
import mimir.ring.Profile;
import mimir.ring.Start;
import org.apache.felix.service.command.CommandProcessor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.PrototypeServiceFactory;
import org.osgi.framework.ServiceRegistration;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;
import org.osgi.test.common.service.ServiceAware;

/** An analyser in the framework: it comes, goes and comes back, its source's driver is swapped, no frame is lost. */
@Timeout(90)
class AnalysisTest extends RingsTest {
    private static final String DRIVER = "mimir.driver.sim";
    private static final String SOURCE = "itest.analysed";

    @InjectService(timeout = 10_000)
    Analyzers analyzers;
    @InjectService(timeout = 10_000)
    Attachments attachments;
    @InjectService(timeout = 10_000)
    Swapper swapper;
    @InjectService(cardinality = 0)
    ServiceAware<Reservoir> reservoirs;
    @InjectService(timeout = 10_000)
    CommandProcessor processor;
    @InjectBundleContext
    BundleContext context;
    private final AtomicInteger instances = new AtomicInteger();

    @AfterEach
    void detachAll() {
        for (var stage : analyzers.stages()) {
            for (int i = 0; i < stage.users(); i++) {
                analyzers.detach(stage.name(), stage.sources());
            }
        }
        assertEquals(0, instances.get(), "every instance is given back");
    }

    private ServiceRegistration<Analyzer> register() {
        return register(() -> (input, to) -> to.attach(Seen.class).item(input.item().descriptor().sequence()));
    }

    /** As DS registers a component of scope PROTOTYPE. */
    private ServiceRegistration<Analyzer> register(Supplier<Analyzer> made) {
        var properties = new Hashtable<String, Object>(Map.of("mimir.analysis.name", "seen", "mimir.analysis.outputs",
                new String[] {Seen.class.getName()}, "mimir.analysis.profile", "EVERY",
                "mimir.analysis.budgetMicros", 10_000_000L));
        return context.registerService(Analyzer.class, new PrototypeServiceFactory<>() {
            @Override
            public Analyzer getService(Bundle bundle, ServiceRegistration<Analyzer> registration) {
                instances.incrementAndGet();
                return made.get();
            }

            @Override
            public void ungetService(Bundle bundle, ServiceRegistration<Analyzer> registration, Analyzer gone) {
                instances.decrementAndGet();
            }
        }, properties);
    }

    private StageStats stage() {
        return analyzers.stages().getFirst();
    }

    private void awaitResults(long more) {
        long wanted = stage().results() + more;
        Platform.await(() -> stage().results() >= wanted, () -> stage().toString());
    }

    @Test
    void shouldLiveThroughUpdatesAndSwaps() {
        Platform.load(rigs, Platform.rig(List.of(Platform.camera(DRIVER, SOURCE, 320, 240, 60, ""))));
        assertThrows(BadInputException.class, () -> analyzers.attach("seen", List.of(SOURCE), Map.of()));
        var registration = register();
        analyzers.attach("seen", List.of(SOURCE), Map.of());
        awaitResults(30);
        assertEquals("running", stage().state(), () -> stage().toString());
        long old = lastSeen();

        registration.unregister();
        assertEquals(0, instances.get(), "the instance is given back before the bundle goes on");
        assertEquals("waiting", stage().state());
        assertEquals(AttachmentState.PRESENT, attachments.reader(SOURCE, Seen.class).look(epoch(SOURCE), old));
        var again = register();
        awaitResults(30);

        Stalls.assertNothingLost(rings.find(SOURCE).orElseThrow());
        swapper.swap(DRIVER, List.of());
        awaitResults(30);
        assertEquals("running", stage().state(), () -> stage().toString());
        lastSeen();
        analyzers.detach("seen", List.of(SOURCE));
        assertTrue(analyzers.stages().isEmpty());
        again.unregister();
        assertTrue(analyzers.kinds().stream().noneMatch(kind -> kind.name().equals("seen")));
        assertEquals(List.of("itest.seen@1"), attachments.types(SOURCE).stream().map(type -> type.id()).toList());
    }

    @Test
    void shouldShowResultsToWhoComesLate() {
        Platform.load(rigs, Platform.rig(List.of(Platform.camera(DRIVER, SOURCE, 320, 240, 60, ""))));
        var registration = register();
        analyzers.attach("seen", List.of(SOURCE), Map.of());
        awaitResults(60);
        analyzers.detach("seen", List.of(SOURCE));
        registration.unregister();
        var reservoir = reservoirs.getService();
        assertTrue(reservoir.drain(20_000_000_000L), "the reservoir did not drain");
        int found = 0;
        var frames = reservoir.open(SOURCE, Long.MIN_VALUE, Long.MAX_VALUE);
        try (var results = attachments.reader(SOURCE, Seen.class)) {
            while (frames.next()) {
                if (results.look(frames) == AttachmentState.PRESENT) {
                    found++;
                    assertEquals(frames.descriptor().sequence(), results.get().item());
                }
            }
        }
        assertTrue(found >= 55, "frames of the reservoir with their result: " + found);
    }

    /** The ring of such results lasts a second. */
    private static final class Large implements Analyzer {
        private static final int TAIL = 128 << 10;

        @Override
        public long tailBytes(Class<? extends Attachment> type, Stage stage) {
            return TAIL;
        }

        @Override
        public void analyze(Input input, Attacher to) {
            long sequence = input.item().descriptor().sequence();
            var seen = to.attach(Seen.class, TAIL);
            seen.item(sequence);
            for (long at = seen.tailOffset(); at < seen.tailOffset() + TAIL; at += Long.BYTES) {
                seen.memory().set(ValueLayout.JAVA_LONG, at, sequence);
            }
        }

        static boolean isWhole(Seen seen) {
            boolean whole = seen.tailBytes() == TAIL;
            for (long at = seen.tailOffset(); whole && at < seen.tailOffset() + TAIL; at += Long.BYTES) {
                whole = seen.memory().get(ValueLayout.JAVA_LONG, at) == seen.item();
            }
            return whole;
        }
    }

    @Test
    void shouldGiveFramesOfTheReservoirTheResultsThatTheirRingHoldsNoMore() {
        var source = "itest.long-ago"; // other tests left results to their sources
        Platform.load(rigs, Platform.rig(List.of(Platform.camera(DRIVER, source, 320, 240, 60, ""))));
        var registration = register(Large::new);
        analyzers.attach("seen", List.of(source), Map.of());
        awaitResults(150);
        registration.unregister(); // the bundle of the analyser is updated
        var again = register(Large::new);
        awaitResults(100);
        long counted = stage().results();
        analyzers.detach("seen", List.of(source));
        again.unregister();
        var ring = rings.find(source + "/itest.seen@1").orElseThrow();
        long results = ring.stats().published(); // more may have come until it was detached
        assertTrue(results >= counted, () -> results + " results of " + counted);
        assertTrue(ring.stats().slotCount() < results / 2, () -> "a short one: " + ring.stats());

        var reservoir = reservoirs.getService();
        assertTrue(reservoir.drain(20_000_000_000L), "the reservoir did not drain");
        long found = 0;
        try (var attached = attachments.of(source)) {
            var view = new FrameView(attached);
            var frames = reservoir.open(source, Long.MIN_VALUE, Long.MAX_VALUE);
            while (frames.next()) {
                var seen = view.wrap(frames).attachment(Seen.class);
                if (seen != null) {
                    found++;
                    assertEquals(frames.descriptor().sequence(), seen.item());
                    assertTrue(Large.isWhole(seen), "result " + found);
                    assertTrue(attached.intact() && frames.intact(), "result " + found);
                }
            }
        }
        assertEquals(results, found, "every result, of whichever life of the stage");
        var shown = new Prompt(processor).run("results " + source + " seen --from -1m --json");
        assertEquals(results, shown.split("\"sequence\"").length - 1);
        assertTrue(new Prompt(processor).run("reservoir").contains(ring.identity()));
    }

    @Test
    void shouldReadOnWhenTheReservoirIsRestarted() throws Exception {
        var source = "itest.restarted";
        Platform.load(rigs, Platform.rig(List.of(Platform.camera(DRIVER, source, 320, 240, 60, ""))));
        var registration = register(Large::new);
        analyzers.attach("seen", List.of(source), Map.of());
        awaitResults(20);
        var bundle = Arrays.stream(context.getBundles())
                .filter(one -> one.getSymbolicName().equals("mimir.reservoir")).findFirst().orElseThrow();
        try (var results = attachments.reader(source, Seen.class)) {
            assertTrue(results.next());
            long first = results.sequence();
            bundle.stop();
            awaitResults(100); // its ring holds 64
            assertEquals(AttachmentState.GONE, results.look(epoch(source), first), "its history went with it");
            bundle.start();
            var reservoir = reservoirs.waitForService(10_000);
            awaitResults(100);
            assertTrue(reservoir.drain(20_000_000_000L), "the reservoir did not drain");
            long found = 0;
            for (var frames = reservoir.open(source, Long.MIN_VALUE, Long.MAX_VALUE); frames.next();) {
                if (EnumSet.of(AttachmentState.PRESENT, AttachmentState.LATE).contains(results.look(frames))) {
                    found++;
                    assertEquals(frames.descriptor().sequence(), results.get().item());
                    assertTrue(Large.isWhole(results.get()) && results.intact());
                }
            }
            assertTrue(found >= 100, "results of frames since then: " + found);
        }
        assertEquals(0, stage().absent(), () -> stage().toString());
        analyzers.detach("seen", List.of(source));
        registration.unregister();
    }

    /** Reads newest frames until one has its result; returns its sequence. */
    private long lastSeen() {
        var found = new long[] {-1};
        try (var attached = attachments.of(SOURCE);
                var reader = rings.find(SOURCE).orElseThrow().reader("itest", Profile.EVERY, Start.OLDEST)) {
            var frame = new FrameView(attached);
            Platform.await(() -> {
                var lease = reader.next();
                if (lease != null) {
                    var seen = frame.wrap(lease).attachment(Seen.class);
                    found[0] = seen == null ? -1 : seen.item();
                    assertTrue(seen == null || seen.item() == lease.descriptor().sequence());
                    lease.release();
                }
                return found[0] >= 0;
            }, () -> "no frame has a result");
        }
        return found[0];
    }
}
