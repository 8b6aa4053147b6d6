// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;
import mimir.api.analysis.Analyzers;
import mimir.api.analysis.Analyzers.StageStats;
import mimir.api.analysis.AttachmentState;
import mimir.api.analysis.Attachments;
import mimir.api.analysis.types.MotionEnergy;
import mimir.api.swap.Plan;
import mimir.api.swap.Swapped;
import mimir.api.swap.Swapper;
import mimir.api.work.Workers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;

/** The analysers of Mimir, native code included, are replaced while they work. */
@Timeout(90)
class AnalysisSwapTest extends RingsTest {
    private static final String BUNDLE = "mimir.analysis";
    private static final String LIBRARY = "libmimir_analysis";
    private static final String SIM = "mimir.driver.sim";
    private static final String CAMERA = "chain.camera";
    private static final String AUDIO = "chain.audio";
    private static final List<String> ANALYSERS =
            List.of("brightness", "corners", "flow", "grey", "level", "motion", "pose", "rgb", "spectrum");
    private static final List<String> STAGES = List.of("level of chain.audio", "spectrum of chain.audio",
            "corners of chain.camera", "flow of chain.camera", "grey of chain.camera", "motion of chain.camera");

    @InjectService(timeout = 10_000)
    Analyzers analyzers;
    @InjectService(timeout = 10_000)
    Attachments attachments;
    @InjectService(timeout = 10_000)
    Swapper swapper;
    @InjectService(timeout = 10_000)
    Workers workers;
    @InjectBundleContext
    BundleContext context;

    @AfterEach
    void leaveNoStage() {
        for (var name : List.of("flow", "motion", "level", "spectrum")) {
            analyzers.stages().stream().filter(stage -> stage.name().equals(name) && stage.users() > 0).findFirst()
                    .ifPresent(stage -> analyzers.detach(name, stage.sources()));
        }
        assertEquals(List.of(), analyzers.stages());
    }

    private void attachTheChain() {
        analyzers.attach("flow", List.of(CAMERA), Map.of());
        analyzers.attach("motion", List.of(CAMERA), Map.of());
        analyzers.attach("level", List.of(AUDIO), Map.of());
        analyzers.attach("spectrum", List.of(AUDIO), Map.of());
    }

    private void load(int width) {
        Platform.load(rigs, Platform.rig(List.of(Platform.camera(SIM, CAMERA, width, 240, 60, ""),
                Platform.audio(SIM, AUDIO, 8, 192_000, ""))));
    }

    /** All stages attach more results. */
    private void awaitResults() {
        var before = analyzers.stages();
        assertEquals(STAGES.size(), before.size(), before::toString);
        Platform.await(() -> before.stream().allMatch(old -> now(old).results() > old.results() + 5
                && now(old).state().equals("running")), () -> analyzers.stages().toString());
    }

    private StageStats now(StageStats old) {
        return analyzers.stages().stream().filter(stage -> stage.name().equals(old.name())
                && stage.sources().equals(old.sources())).findFirst().orElseThrow();
    }

    @Test
    void shouldBeSwappedUnderLoadWithoutTheLossOfAnItem() {
        load(640);
        attachTheChain();
        awaitResults();
        var library = Platform.libraries(LIBRARY);
        try (var witness = new Witness(workers, Stream.of(CAMERA, AUDIO).map(id -> rings.find(id).orElseThrow())
                .toList()); var former = attachments.reader(CAMERA, MotionEnergy.class)) {
            former.seek(0);
            Platform.await(former::next, () -> "no motion was found");
            int epoch = former.epoch();
            long sequence = former.sequence();
            float difference = former.get().meanDifference();

            assertEquals(STAGES, swapTouchingNothingElse().stages());

            var now = Platform.libraries(LIBRARY);
            assertEquals(1, now.size(), () -> library + " became " + now);
            assertTrue(library.stream().noneMatch(now::contains), () -> library + " became " + now);
            awaitResults();
            assertTrue(EnumSet.of(AttachmentState.PRESENT, AttachmentState.LATE).contains(
                    former.look(epoch, sequence)), "a result of the former library");
            assertEquals(difference, former.get().meanDifference());
            assertEquals(1, epoch(CAMERA), "no source has stopped");
            rigs.unload(Platform.PATIENCE);
            witness.assertSawEverything();
        }
        for (var id : List.of(CAMERA, AUDIO)) {
            Stalls.assertNothingLost(rings.find(id).orElseThrow());
        }
    }

    private Swapped swapTouchingNothingElse() {
        var touched = new ConcurrentSkipListSet<String>();
        SynchronousBundleListener listener = event -> touched.add(event.getBundle().getSymbolicName());
        context.addBundleListener(listener);
        try {
            var plans = new ArrayList<Plan>();
            var swapped = swapper.swap(BUNDLE, List.of(), plans::add);
            assertEquals(List.of(List.of(List.of(), ANALYSERS, STAGES)), plans.stream().map(plan ->
                    List.of(plan.sources(), plan.analysers(), plan.stages())).toList());
            assertEquals(Swapped.Outcome.SWAPPED, swapped.outcome(), swapped::toString);
            assertEquals(List.of(BUNDLE, BUNDLE + ".native"), swapped.refreshed());
            assertEquals(Set.of(BUNDLE, BUNDLE + ".native"), touched, "bundles that the framework touched");
            return swapped;
        } finally {
            context.removeBundleListener(listener);
        }
    }

    /** States are destroyed by another format, by another epoch and by the end of their bundle, with work in hand. */
    @Test
    void shouldEndNativeStatesUnderLoad() throws BundleException {
        var bundle = Arrays.stream(context.getBundles()).filter(one -> one.getSymbolicName().equals(BUNDLE)).findFirst()
                .orElseThrow();
        load(320);
        attachTheChain();
        for (int width : new int[] {640, 320}) {
            awaitResults();
            bundle.stop();
            assertEquals(Set.of(), Platform.libraries(LIBRARY));
            assertTrue(analyzers.stages().stream().allMatch(stage -> stage.state().equals("waiting")),
                    () -> analyzers.stages().toString());
            bundle.start();
            awaitResults();
            swapper.swap(SIM, List.of());
            awaitResults();
            rigs.unload(Platform.PATIENCE);
            load(width);
        }
        awaitResults();
        assertEquals(Bundle.ACTIVE, bundle.getState());
        assertEquals(List.of(), analyzers.stages().stream().filter(stage -> stage.failures() > 0).toList());
    }
}
