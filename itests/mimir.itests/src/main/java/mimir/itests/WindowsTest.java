// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import mimir.api.BadInputException;
import mimir.api.recording.Exporter;
import mimir.api.recording.Triggers;
import mimir.api.reservoir.Reservoir;
import mimir.api.reservoir.Window;
import mimir.api.reservoir.Windows;
import mimir.api.source.Source;
import mimir.api.work.Workers;
import mimir.ring.Abi;
import mimir.ring.HostClock;
import mimir.ring.Ring;
import mimir.ring.RingFormat;
import mimir.ring.RingOwner;
import mimir.ring.RingSpec;
import org.apache.felix.service.command.CommandProcessor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;
import org.osgi.test.common.service.ServiceAware;

/** Windows of the reservoir, as somebody at the shell opens and exports them. */
@Timeout(60)
class WindowsTest extends RingsTest {
    private static final String SIM = "mimir.driver.sim";

    @InjectService(timeout = 10_000)
    CommandProcessor processor;
    @InjectService(cardinality = 0)
    ServiceAware<Windows> windows; // comes with a rig
    @InjectService(cardinality = 0)
    ServiceAware<Reservoir> reservoirs;
    @InjectService(cardinality = 0)
    ServiceAware<Triggers> triggers;
    @InjectService(cardinality = 0)
    ServiceAware<Exporter> exporters;
    @InjectService(timeout = 10_000)
    Workers workers;
    @InjectBundleContext
    BundleContext context;
    @TempDir
    Path folder;

    @BeforeEach
    void play() throws InterruptedException {
        long before = published("win.camera");
        Platform.load(rigs, Platform.rig(List.of(Platform.camera(SIM, "win.camera", 320, 240, 60, ""),
                Platform.audio(SIM, "win.audio", 2, 48_000, ""))));
        triggers.waitForService(Platform.PATIENCE.toMillis());
        Platform.await(() -> published("win.camera") > before + 60, () -> "not running");
    }

    @AfterEach
    void leaveNothing() {
        triggers.getService().list().forEach(trigger -> triggers.getService().remove(trigger.name()));
        kept().forEach(window -> windows.getService().release(window.name(), "the test is over"));
    }

    private List<Window> kept() {
        return windows.getService().list().stream().filter(Window::kept).toList();
    }

    @Test
    void shouldExportAWindowThatWasOpenedByCommandWithWhatCameAfterIt() throws Exception {
        run("window open mine --pre 500ms --post 500ms");
        var files = JSON.std.listFrom(run("export --window mine --to " + folder + " --json"));

        assertEquals(2, files.size());
        for (var file : files) {
            double seconds = ((Number) ((Map<?, ?>) file).get("seconds")).doubleValue();
            assertEquals(1.0, seconds, 0.1, file::toString);
            assertTrue(Files.exists(Path.of((String) ((Map<?, ?>) file).get("file"))), file::toString);
        }
        assertEquals(List.of(), kept(), "it was used");
        assertTrue(run("window").contains("it was exported to " + folder), () -> run("window"));
        Assertions.assertThrows(BadInputException.class, () -> prompt().tryRun("export --window mine --to " + folder));
        Assertions.assertThrows(BadInputException.class, () -> prompt().tryRun("window open --post 1h"));
        var look = JSON.std.mapFrom(run("reservoir --json"));
        assertTrue(((Number) look.get("forecastS")).doubleValue() > 1, look::toString);
        assertTrue(((Number) look.get("edgeAgeS")).doubleValue() > 1, look::toString);
    }

    @Test
    void shouldOpenAWindowForEachEventOfACodeAndLetThemOverlap() throws Exception {
        try (var keys = new Keys()) {
            Platform.await(() -> reservoirs.getService().sources().contains("win.keys"), () -> "no keys");
            run("window on win.keys 7 --pre 400ms --post 200ms");
            keys.press(5);
            keys.press(7);
            keys.press(7);
            Platform.await(() -> kept().size() == 2, () -> run("window"));
            Platform.await(() -> kept().stream().allMatch(window -> window.state() == Window.State.COMPLETE), () ->
                    run("window"));

            var pressed = kept();
            assertEquals(keys.lastNs, pressed.getLast().triggerNs());
            assertEquals("event 7 of win.keys", pressed.getFirst().cause());
            var cursor = reservoirs.getService().open("win.camera", pressed.getLast().fromNs(),
                    pressed.getLast().toNs());
            var look = new StringBuilder();
            int frames = 0;
            long missing = 0;
            while (cursor.next()) {
                frames++;
                missing += cursor.descriptor().gapItems();
                look.append(cursor.descriptor().sequence()).append('@')
                        .append((cursor.canonicalNs() - pressed.getLast().fromNs()) / 1_000_000).append(' ');
            }
            long all = frames + missing;
            assertTrue(all >= 34 && all <= 38, "frames in 600 ms, lost ones included: " + all + ": " + look);
            var files = run("export --window " + pressed.getLast().name() + " --to " + folder);
            assertTrue(files.contains("win.camera") && !files.contains("win.keys"), files); // which no file can hold
            Assertions.assertThrows(BadInputException.class, () ->
                    prompt().tryRun("window on win.camera --pre 1s"), "frames are no events");
        }
    }

    @Test
    void shouldOpenAWindowWhenAResultRisesAboveAThreshold() {
        run("attach win.audio level");
        Platform.await(() -> run("types").contains("mimir.level@1"), () -> run("types"));
        run("window on win.audio level peak.0 --above -60 --pre 100ms");
        Platform.await(() -> !kept().isEmpty(), () -> run("window"));

        assertTrue(kept().getFirst().cause().startsWith("peak of win.audio is "), () -> run("window"));
        long seen = triggers.getService().list().getFirst().seen();
        Platform.await(() -> triggers.getService().list().getFirst().seen() > seen + 20, () -> run("window"));
        assertEquals(1, kept().size(), "it has not fallen meanwhile");
        run("detach win.audio level");
    }

    @Test
    void shouldLoseNothingWhenTheReservoirGoesUnderAnExport() throws Exception {
        try (var witness = new Witness(workers, ringsOf("win.").stream().filter(ring ->
                !ring.identity().contains("/") && ring.stats().state() == Abi.STATE_LIVE).toList())) {
            run("window open lost --pre 200ms --post 20s");
            var exporter = exporters.getService();
            var told = new CopyOnWriteArrayList<String>();
            var export = CompletableFuture.supplyAsync(() ->
                    exporter.exportWindow("lost", List.of(), folder.resolve("out"), told::add));
            Platform.await(() -> !told.isEmpty(), () -> "the export does not wait");
            var reservoir = Arrays.stream(context.getBundles()).filter(bundle ->
                    "mimir.reservoir".equals(bundle.getSymbolicName())).findFirst().orElseThrow();
            reservoir.stop();
            var refused = Assertions.assertThrows(ExecutionException.class, export::get);
            reservoir.start();

            assertEquals("the export was given up because Mimir stops, or a bundle that it needs; nothing was written",
                    refused.getCause().getMessage());
            assertTrue(Files.notExists(folder.resolve("out")));
            Platform.await(() -> triggers.getService() != null && exporters.getService() != null, () -> "gone");
            assertEquals(List.of(), windows.getService().list(), "they went with their memory");
            run("window open next --post 200ms");
            run("export --window next --to " + folder);
            long before = published("win.camera");
            Platform.await(() -> published("win.camera") > before + 20, () -> "the camera stands");
            witness.assertSawEverything();
        }
        ringsOf("win.").stream().filter(ring -> !ring.identity().contains("/") && ring.stats().state()
                == Abi.STATE_LIVE).forEach(Stalls::assertNothingLost);
    }

    private Prompt prompt() {
        return new Prompt(processor);
    }

    private String run(String line) {
        return prompt().run(line);
    }

    /** A source of events that comes and goes with a test. */
    private final class Keys implements Source, AutoCloseable {
        private static final RingFormat FORMAT = new RingFormat(513, 0, 1, 1, 1, 1, List.of(0L), List.of(8), 8, 0);

        private final RingOwner owner = rings.open(new RingSpec(id(), Abi.ITEM_EVENT, 64, 8, FORMAT,
                RingSpec.Writer.JAVA), "mimir.itests");
        private final ServiceRegistration<?> registration =
                context.registerService(Source.class, this, null);
        private long sequence;
        private long lastNs;

        void press(int code) {
            var writer = owner.writer();
            writer.claim();
            lastNs = HostClock.nowNs();
            writer.descriptor().sequence(sequence++).hostTimeNs(lastNs).shape(owner.formatId(), 1, 1, 8)
                    .payload(Abi.PAYLOAD_INLINE, code, 0, 0);
            writer.commit();
        }

        @Override
        public String id() {
            return "win.keys";
        }

        @Override
        public String device() {
            return "keys";
        }

        @Override
        public String driver() {
            return "mimir.itests";
        }

        @Override
        public Ring ring() {
            return owner.ring();
        }

        @Override
        public RingFormat format() {
            return FORMAT;
        }

        @Override
        public void close() {
            registration.unregister();
            owner.close();
        }
    }
}
