// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import mimir.api.BadInputException;
import mimir.api.analysis.Analyzers;
import mimir.api.analysis.Analyzers.StageStats;
import mimir.api.analysis.AttachmentLayout;
import mimir.api.analysis.Attachments;
import mimir.api.swap.Deployer;
import mimir.api.swap.TrustList;
import mimir.api.work.Workers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkUtil;
import org.osgi.test.common.annotation.InjectService;

/** A stranger's plug-in, built by a Maven of its own: in, updated to a new version of its type, out; results stay. */
@Timeout(90)
class PlugInTest extends RingsTest {
    private static final String SOURCE = "itest.plugged";
    private static final List<String> AT = List.of(SOURCE);
    private static final int SEEN = 30;

    @InjectService(timeout = 10_000)
    Analyzers analyzers;
    @InjectService(timeout = 10_000)
    Attachments attachments;
    @InjectService(timeout = 10_000)
    Workers workers;
    @InjectService(timeout = 10_000)
    TrustList trust;
    @InjectService(timeout = 10_000)
    Deployer deployer;
    private final BundleContext context = FrameworkUtil.getBundle(PlugInTest.class).getBundleContext();

    @AfterEach
    void leaveNoPlugIn() throws BundleException {
        for (var stage : analyzers.stages()) {
            analyzers.detach(stage.name(), stage.sources());
        }
        for (var bundle : context.getBundles()) {
            if (bundle.getSymbolicName().equals("lab.blink")) {
                bundle.uninstall();
            }
        }
    }

    @Test
    void shouldComeBeUpdatedAndGo() throws BundleException, ReflectiveOperationException {
        Platform.load(rigs, Platform.rig(List.of(Platform.camera("mimir.driver.sim", SOURCE, 320, 240, 60, ""))));
        try (var witness = new Witness(workers, List.of(rings.find(SOURCE).orElseThrow()))) {
            var plugIn = bringIn("1.0.0");
            analyzers.attach("blink", AT, Map.of());
            var former = fresh(plugIn, 1);
            var formerLoader = loader(plugIn);
            bringIn("2.0.0"); // the stage runs, and nobody touches it
            var latter = fresh(plugIn, 2);
            var latterLoader = loader(plugIn);
            former.assertReadable();
            awaitGone(formerLoader);

            plugIn.uninstall();
            plugIn = null; // it holds its loader
            assertWaiting();
            awaitGone(latterLoader); // the stage that waits holds nothing of it
            assertDetachable();
            former.assertReadable();
            latter.assertReadable();
            rigs.unload(Platform.PATIENCE);
            witness.assertSawEverything();
        }
        Stalls.assertNothingLost(rings.find(SOURCE).orElseThrow());
    }

    private Bundle bringIn(String version) {
        trust.trust(jar(version).toString());
        var deployed = deployer.install(List.of(jar(version))).getFirst();
        assertNull(deployed.reason());
        return Arrays.stream(context.getBundles()).filter(bundle -> bundle.getSymbolicName().equals("lab.blink"))
                .findFirst().orElseThrow();
    }

    private static Path jar(String version) {
        return Path.of(System.getProperty("mimir.plug-in"), "lab.blink-" + version + ".jar").toAbsolutePath();
    }

    private StageStats stage() {
        return analyzers.stages().getFirst();
    }

    /** Results of frames that come from now on, by the layout only: the class is the plug-in's. */
    private SeenResults fresh(Bundle plugIn, int version) {
        var id = "lab.blink@" + version;
        Platform.await(() -> types().contains(id) && stage().state().equals("running"), () -> stage().toString());
        var kind = analyzers.kinds().stream().filter(one -> one.name().equals("blink")).findFirst().orElseThrow();
        assertEquals(List.of(id), kind.outputs());
        assertEquals(plugIn.getSymbolicName(), kind.bundle());
        assertEquals(version, plugIn.getVersion().getMajor());
        var layout = attachments.types(SOURCE).stream().filter(one -> one.id().equals(id)).findFirst().orElseThrow();
        assertEquals(version == 1 ? List.of("brightness", "blink") : List.of("brightness", "before", "blink"),
                layout.fields().stream().map(AttachmentLayout.Field::name).toList());
        long before = stage().results();
        Platform.await(() -> stage().results() > before, () -> stage().toString());
        return SeenResults.of(rings.find(SOURCE).orElseThrow(), attachments, layout, SEEN);
    }

    private List<String> types() {
        return attachments.types(SOURCE).stream().map(AttachmentLayout::id).toList();
    }

    /** The stage waits and says for what, and nobody else can have the analyser. */
    private void assertWaiting() {
        assertEquals("waiting", stage().state());
        assertEquals("analyser blink is gone; start its bundle", stage().cause());
        assertTrue(analyzers.kinds().stream().noneMatch(kind -> kind.name().equals("blink")));
        assertThrows(BadInputException.class, () -> analyzers.attach("blink", AT, Map.of()));
    }

    private void assertDetachable() {
        analyzers.detach("blink", AT);
        assertTrue(analyzers.stages().isEmpty());
        assertEquals(List.of("lab.blink@1", "lab.blink@2"), types());
    }

    private static WeakReference<ClassLoader> loader(Bundle plugIn) throws ReflectiveOperationException {
        return new WeakReference<>(plugIn.loadClass("lab.blink.Blink").getClassLoader());
    }

    private static void awaitGone(WeakReference<ClassLoader> loader) {
        Platform.await(() -> {
            System.gc();
            return loader.refersTo(null);
        }, () -> "a class of the plug-in is still held");
    }
}
