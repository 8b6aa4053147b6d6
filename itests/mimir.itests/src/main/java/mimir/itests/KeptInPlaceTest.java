// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import mimir.api.analysis.Analyzers;
import mimir.api.recording.Exporter;
import mimir.api.reservoir.Reservoir;
import mimir.api.reservoir.ReservoirStats;
import mimir.api.swap.Swapper;
import mimir.api.work.Workers;
import mimir.ring.HostClock;
import mimir.ring.ReaderStats;
import org.apache.felix.service.command.CommandProcessor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;
import org.osgi.test.common.service.ServiceAware;

/** Sources whose rings are part of the reservoir: nothing is copied, and their rings outlive the reservoir. */
@Timeout(90)
class KeptInPlaceTest extends RingsTest {
    private static final String SIM = "mimir.driver.sim";
    private static final long SECOND_NS = 1_000_000_000;
    private static final AtomicInteger RUNS = new AtomicInteger();

    @InjectService(timeout = 10_000)
    CommandProcessor processor;
    @InjectService(timeout = 10_000)
    Swapper swapper;
    @InjectService(timeout = 10_000)
    Analyzers analyzers;
    @InjectService(timeout = 10_000)
    Workers workers;
    @InjectService(cardinality = 0)
    ServiceAware<Reservoir> reservoirs; // comes with a rig
    @InjectService(cardinality = 0)
    ServiceAware<Exporter> exporters;
    @InjectBundleContext
    BundleContext context;
    @TempDir
    Path folder;
    private final String prefix = "own" + RUNS.incrementAndGet() + "."; // others have copied what they pinned
    private final String camera = prefix + "camera";
    private final String audio = prefix + "audio";

    /** Half of 128 MiB are 1,024 frames, of which 960 are kept: more than a busy machine takes for a restart. */
    private void play() throws InterruptedException {
        long before = published(camera);
        Platform.load(rigs, """
                {"schema":"mimir.rig","version":"1.0","name":"own","rings":{"seconds":2},
                "reservoir":{"bytes":134217728,"own":["%s","%s"]},"devices":[%s,%s]}
                """.formatted(camera, audio, Platform.camera(SIM, camera, 160, 120, 60, ""),
                Platform.audio(SIM, audio, 2, 48_000, "")));
        exporters.waitForService(Platform.PATIENCE.toMillis());
        Platform.await(() -> published(camera) > before + 60, () -> "not running");
    }

    private Reservoir reservoir() {
        try {
            return reservoirs.waitForService(Platform.PATIENCE.toMillis());
        } catch (InterruptedException stopped) {
            throw new AssertionError(stopped);
        }
    }

    private String run(String line) {
        return new Prompt(processor).run(line);
    }

    private List<String> items(String source) {
        assertTrue(reservoir().drain(20 * SECOND_NS), "the reservoir did not drain");
        var cursor = reservoir().open(source, Long.MIN_VALUE, Long.MAX_VALUE);
        var items = new ArrayList<String>();
        while (cursor.next()) {
            assertTrue(cursor.memory().isReadOnly());
            items.add(cursor.descriptor().epoch() + ":" + cursor.descriptor().sequence());
        }
        assertEquals(0, cursor.overtaken());
        return items;
    }

    private ReaderStats reader(String source) {
        return rings.find(source).orElseThrow().stats().readers().stream().filter(one ->
                one.name().equals("reservoir")).findFirst().orElseThrow();
    }

    private void assertNothingCopied() {
        for (var source : List.of(camera, audio)) {
            assertEquals(0, reader(source).bytesCopied(), source);
            assertTrue(reader(source).delivered() > 0, source);
        }
        assertTrue(reservoir().stats().sources().stream().filter(one -> one.id().startsWith(prefix))
                .allMatch(ReservoirStats.PerSource::inPlace), () -> run("reservoir"));
    }

    @Test
    void shouldSwapExportAndJoinLateWithoutACopy() throws Exception {
        play();
        int epoch = epoch(camera);
        swapper.swap(SIM, List.of());
        Platform.await(() -> epoch(camera) > epoch, () -> "not swapped");
        long before = published(camera);
        Platform.await(() -> published(camera) > before + 30, () -> "the camera stands");
        var items = items(camera);
        assertTrue(items.stream().anyMatch(item -> item.startsWith(epoch + ":")), items::toString);
        assertTrue(items.getLast().startsWith(epoch + 1 + ":"), items::toString);

        run("window open mine --pre 500ms --post 200ms");
        var files = JSON.std.listFrom(run("export --window mine --to " + folder + " --json"));
        assertTrue(files.size() >= 2, files::toString);
        var sets = reservoir().sets(List.of(camera, audio), HostClock.nowNs() - SECOND_NS, Long.MAX_VALUE, SECOND_NS);
        assertTrue(sets.next() && sets.item(0) != null && sets.item(1) != null, "both within a second");
        assertTrue(reservoir().samples(audio, HostClock.nowNs() - SECOND_NS, Long.MAX_VALUE).next(), "samples");
        assertJoinsLate();
        assertNothingCopied();
        assertTrue(run("reservoir").contains("in place"), () -> run("reservoir"));
    }

    private void assertJoinsLate() {
        run("attach " + audio + " level --from -1s");
        Platform.await(() -> analyzers.stages().stream().anyMatch(stage -> stage.items() > 1_500), () ->
                analyzers.stages().toString());
        analyzers.stages().forEach(stage -> assertEquals(0, stage.overtaken(), stage::toString));
        run("detach " + audio + " level");
    }

    @Test
    void shouldFindTheHistoryOfTheRingsAgainWhenTheReservoirComesBack() throws Exception {
        play();
        var before = items(camera);
        var sound = items(audio);
        try (var witness = new Witness(workers, ringsOf(prefix).stream().filter(ring ->
                !ring.identity().contains("/")).toList())) {
            run("window open mine --pre 500ms --post 3s"); // it holds items where they are, and goes
            var bundle = bundle();
            bundle.stop();
            bundle.start();
            assertFoundAgain(before, sound);
            assertEquals("", run("window").contains("mine") ? run("window") : "");
            run("window open mine --pre 500ms --post 100ms");
            bundle.update();
            assertFoundAgain(before, sound);
            run("window open next --pre 2s --post 100ms");
            assertTrue(JSON.std.listFrom(run("export --window next --to " + folder + " --json")).size() >= 2);
            witness.assertSawEverything();
        }
        ringsOf(prefix).stream().filter(ring -> !ring.identity().contains("/")).forEach(Stalls::assertNothingLost);
    }

    private void assertFoundAgain(List<String> frames, List<String> blocks) {
        Platform.await(() -> reservoirs.getService() != null && reservoir().sources().contains(audio)
                && exporters.getService() != null, () -> "the reservoir does not come back");
        var after = items(camera);
        assertTrue(after.containsAll(frames.subList(Math.max(0, frames.size() - 60), frames.size())),
                () -> "of " + frames + " there is only " + after);
        assertTrue(items(audio).containsAll(blocks.subList(Math.max(0, blocks.size() - 700), blocks.size())));
        assertNothingCopied();
        assertFalse(run("reservoir").contains("copied"), () -> run("reservoir"));
    }

    private Bundle bundle() {
        return Arrays.stream(context.getBundles()).filter(one -> "mimir.reservoir".equals(one.getSymbolicName()))
                .findFirst().orElseThrow();
    }
}
