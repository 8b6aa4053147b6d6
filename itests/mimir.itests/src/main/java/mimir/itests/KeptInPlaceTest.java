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
    private static final String CAMERA = "own.camera";
    private static final String AUDIO = "own.audio";
    private static final long SECOND_NS = 1_000_000_000;

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

    /** Half of 128 MiB are 256 frames, of which 240 are kept: four seconds. */
    private void play() throws InterruptedException {
        long before = published(CAMERA);
        Platform.load(rigs, """
                {"schema":"mimir.rig","version":"1.0","name":"own","rings":{"seconds":2},
                "reservoir":{"bytes":134217728,"own":["%s","%s"]},"devices":[%s,%s]}
                """.formatted(CAMERA, AUDIO, Platform.camera(SIM, CAMERA, 320, 240, 60, ""),
                Platform.audio(SIM, AUDIO, 2, 48_000, "")));
        exporters.waitForService(Platform.PATIENCE.toMillis());
        Platform.await(() -> published(CAMERA) > before + 60, () -> "not running");
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
        assertTrue(reservoir().drain(5 * SECOND_NS), "the reservoir did not drain");
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
        for (var source : List.of(CAMERA, AUDIO)) {
            assertEquals(0, reader(source).bytesCopied(), source);
            assertTrue(reader(source).delivered() > 0, source);
        }
        assertTrue(reservoir().stats().sources().stream().filter(one -> one.id().startsWith("own."))
                .allMatch(ReservoirStats.PerSource::inPlace), () -> run("reservoir"));
    }

    @Test
    void shouldSwapExportAndJoinLateWithoutACopy() throws Exception {
        play();
        int epoch = epoch(CAMERA);
        swapper.swap(SIM, List.of());
        Platform.await(() -> epoch(CAMERA) > epoch, () -> "not swapped");
        long before = published(CAMERA);
        Platform.await(() -> published(CAMERA) > before + 30, () -> "the camera stands");
        var items = items(CAMERA);
        assertTrue(items.stream().anyMatch(item -> item.startsWith(epoch + ":")), items::toString);
        assertTrue(items.getLast().startsWith(epoch + 1 + ":"), items::toString);

        run("window open mine --pre 500ms --post 200ms");
        var files = JSON.std.listFrom(run("export --window mine --to " + folder + " --json"));
        assertTrue(files.size() >= 2, files::toString);
        var sets = reservoir().sets(List.of(CAMERA, AUDIO), HostClock.nowNs() - SECOND_NS, Long.MAX_VALUE, SECOND_NS);
        assertTrue(sets.next() && sets.item(0) != null && sets.item(1) != null, "both within a second");
        assertTrue(reservoir().samples(AUDIO, HostClock.nowNs() - SECOND_NS, Long.MAX_VALUE).next(), "samples");
        assertJoinsLate();
        assertNothingCopied();
        assertTrue(run("reservoir").contains("in place"), () -> run("reservoir"));
    }

    private void assertJoinsLate() {
        run("attach " + AUDIO + " level --from -1s");
        Platform.await(() -> analyzers.stages().stream().anyMatch(stage -> stage.items() > 1_500), () ->
                analyzers.stages().toString());
        analyzers.stages().forEach(stage -> assertEquals(0, stage.overtaken(), stage::toString));
        run("detach " + AUDIO + " level");
    }

    @Test
    void shouldFindTheHistoryOfTheRingsAgainWhenTheReservoirComesBack() throws Exception {
        play();
        var before = items(CAMERA);
        var sound = items(AUDIO);
        try (var witness = new Witness(workers, ringsOf("own.").stream().filter(ring ->
                !ring.identity().contains("/")).toList())) {
            var bundle = bundle();
            bundle.stop();
            bundle.start();
            Platform.await(() -> reservoirs.getService() != null && reservoir().sources().contains(AUDIO), () ->
                    "the reservoir does not come back");
            var after = items(CAMERA);
            assertTrue(after.containsAll(before.subList(Math.max(0, before.size() - 120), before.size())),
                    () -> "of " + before + " there is only " + after);
            assertTrue(items(AUDIO).containsAll(sound.subList(Math.max(0, sound.size() - 1_500), sound.size())));
            assertNothingCopied();
            assertFalse(run("reservoir").contains("copied"), () -> run("reservoir"));
            witness.assertSawEverything();
        }
        ringsOf("own.").stream().filter(ring -> !ring.identity().contains("/")).forEach(Stalls::assertNothingLost);
    }

    private Bundle bundle() {
        return Arrays.stream(context.getBundles()).filter(one -> "mimir.reservoir".equals(one.getSymbolicName()))
                .findFirst().orElseThrow();
    }
}
