// SPDX-License-Identifier: Apache-2.0
package mimir.swap.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import mimir.api.BadInputException;
import mimir.api.swap.Deployed;
import mimir.swap.JarMaker;
import mimir.swap.TestFramework;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.SynchronousBundleListener;

/** The folder from look to look, with a clock of the test's own. */
class LoadFolderTest {
    private static final long REST = LoadFolder.REST.toNanos();
    private static final long STALLED = LoadFolder.STALLED.toNanos();

    @TempDir
    private Path cache;
    @TempDir
    private Path elsewhere;
    private final List<Deployed> told = new ArrayList<>();
    private TestFramework framework;
    private Path load;
    private LoadFolder folder;
    private long nowNs;

    @BeforeEach
    void open() throws Exception {
        framework = new TestFramework(cache, new TestFramework.TestWorkers(true), Duration.ofSeconds(5));
        load = elsewhere.resolve("load");
        OwnFolder.make(load);
        folder = new LoadFolder(load, installation(), told::add);
    }

    private Installation installation() {
        return new Installation(framework.system().getBundleContext(), framework.gate(), framework.swapper(),
                framework.workers(), framework.patience());
    }

    @AfterEach
    void close() throws Exception {
        framework.close();
    }

    @Test
    void shouldTakeWhatLiesThereAtOnceAndOnce() throws Exception {
        var file = lamp("1.0.0", "LAMP.JAR");

        look(0);
        look(REST);

        assertEquals(1, told.size());
        assertEquals(Deployed.Outcome.INSTALLED, told.getFirst().outcome());
        assertEquals(List.of(file), told.getFirst().files());
        assertEquals(Bundle.ACTIVE, find("lab.lamp").getState());
        assertEquals(0, folder.settled().getCount());
    }

    /** Their bytes together may be more than there is room for. */
    @Test
    void shouldHoldTheBytesOfOneBundleAtATime() throws Exception {
        JarMaker.bundle("lab.a", "1.0.0").write(load.resolve("a.jar"));
        JarMaker.bundle("lab.b", "1.0.0").write(load.resolve("b.jar"));
        folder = new LoadFolder(load, installation(), deployed -> {
            try {
                JarMaker.bundle("lab.b", "1.1.0").write(load.resolve("b.jar"));
            } catch (IOException refused) {
                throw new UncheckedIOException(refused);
            }
        });

        look(0);

        assertEquals("1.1.0", find("lab.b").getVersion().toString(), "what the file held when its turn came");
    }

    @Test
    void shouldSwapADriverForHostAndFragmentThatAreDroppedTogether() throws Exception {
        framework.install(JarMaker.fragment("1.0.0", JarMaker.DRIVER));
        framework.install(JarMaker.driver("1.0.0", "left")).start();
        look(0);
        JarMaker.driver("1.1.0", "left").write(load.resolve("driver.jar"));
        look(0);
        look(REST / 2);
        JarMaker.fragment("1.1.0", JarMaker.DRIVER).write(load.resolve("fragment.jar"));
        look(REST / 2);
        assertEquals(List.of(), told, "the folder is not at rest");
        look(REST);

        assertEquals(List.of(Deployed.Outcome.SWAPPED), told.stream().map(Deployed::outcome).toList());
        assertEquals(List.of(load.resolve("driver.jar"), load.resolve("fragment.jar")), told.getFirst().files());
        assertEquals("1.1.0", find(JarMaker.DRIVER).getVersion().toString());
        assertEquals("1.1.0", find(JarMaker.FRAGMENT).getVersion().toString());
        assertEquals(2, framework.store().find("left").orElseThrow().stats().epoch(), "one swap, not two");
    }

    @Test
    void shouldWaitForCopiesThatGoOn() throws Exception {
        var bytes = Files.readAllBytes(lamp("1.0.0", "lamp.jar"));
        for (int part = 1; part < 10; part++) {
            Files.write(load.resolve("lamp.jar"), Arrays.copyOf(bytes, bytes.length * part / 10));
            look(STALLED / 2);
        }
        assertEquals(List.of(), told);

        Files.write(load.resolve("lamp.jar"), bytes);
        look(0);
        look(REST);
        assertEquals(List.of(Deployed.Outcome.INSTALLED), told.stream().map(Deployed::outcome).toList());
    }

    @Test
    void shouldMoveAsideACopyThatStandsStill() throws Exception {
        Files.writeString(load.resolve("lamp.jar"), "half a jar");
        look(0);
        look(STALLED - 1);
        assertTrue(Files.exists(load.resolve("lamp.jar")));
        look(1);

        assertRefused("lamp.jar", " is no sound jar (it is no zip or is cut off); build or copy it again");
    }

    @Test
    void shouldMoveAsideWhatCannotComeIn() throws Exception {
        JarMaker.bundle("lab.lamp", "1.0.0").with("Import-Package", "mimir.engine.rig").write(load.resolve("a.jar"));
        look(0);
        assertRefused("a.jar", " imports mimir.engine.rig of another bundle of Mimir; import only mimir.ring and"
                + " mimir.api, and meet the others through services");

        JarMaker.bundle("lab.lamp", "1.0.0").with("Import-Package", "lab.missing").write(load.resolve("b.jar"));
        look(0);
        look(REST);
        assertTrue(told.getLast().reason().startsWith("lab.lamp does not start: "), told.getLast().reason());
        assertEquals(1, Arrays.stream(framework.system().getBundleContext().getBundles()).skip(1).count() + 1,
                "nothing is left of it");

        JarMaker.fragment("1.0.0", "lab.nobody").write(load.resolve("c.jar"));
        look(0);
        look(REST);
        assertRefused("c.jar", " is a fragment of lab.nobody, which is not here; bring that in with it");

        framework.install(JarMaker.bundle("bystander", "1.0.0")).start();
        JarMaker.bundle("bystander", "2.0.0").write(load.resolve("d.jar"));
        look(0);
        look(REST);
        assertEquals("bystander has neither devices nor analysers, and nothing else can be swapped while it runs;"
                + " name one of ", told.getLast().reason());
    }

    @Test
    void shouldMoveAsideADriverThatDoesNotRunAndKeepTheFormer() throws Exception {
        framework.install(JarMaker.driver("1.0.0", "left")).start();
        JarMaker.driver("1.1.0", "left").with("Test-Throws", "no").write(load.resolve("driver.jar"));
        look(0);

        assertEquals(Deployed.Outcome.ROLLED_BACK, told.getLast().outcome());
        assertTrue(Files.readString(load.resolve("refused/driver.jar.reason")).startsWith(
                "the new driver did not run: "));
        assertEquals("1.0.0", find(JarMaker.DRIVER).getVersion().toString());
        assertFalse(Files.exists(load.resolve("driver.jar")));
    }

    @Test
    void shouldTryAgainWhatChangesWhileItIsSwappedIn() throws Exception {
        framework.install(JarMaker.driver("1.0.0", "left")).start();
        var file = JarMaker.driver("1.1.0", "left").write(load.resolve("driver.jar"));
        once(BundleEvent.STOPPED, "1.0.0", () -> JarMaker.driver("1.2.0", "left").content("more").write(file));
        look(0);

        assertEquals(List.of(Deployed.Outcome.ROLLED_BACK), told.stream().map(Deployed::outcome).toList());
        assertEquals("the new driver did not run: " + file + " changed while it was being swapped in; bring it in again"
                + " when nothing writes it any more; this folder tries it again when it is at rest",
                told.getLast().reason());
        assertEquals("1.0.0", find(JarMaker.DRIVER).getVersion().toString());
        assertTrue(Files.exists(file) && !Files.exists(load.resolve("refused")), "nothing is moved aside");
        look(0);
        assertEquals(1, told.size(), "the folder is not at rest");
        look(REST);
        assertEquals(Deployed.Outcome.SWAPPED, told.getLast().outcome());
        assertEquals("1.2.0", find(JarMaker.DRIVER).getVersion().toString());
    }

    /** Somebody puts a better one there while the bad one is found out. */
    @Test
    void shouldNotMoveAsideWhatCameInThePlaceOfABadOne() throws Exception {
        framework.install(JarMaker.driver("1.0.0", "left")).start();
        var file = JarMaker.driver("1.1.0", "left").with("Test-Throws", "no light").write(load.resolve("driver.jar"));
        once(BundleEvent.STARTING, "1.1.0", () -> JarMaker.driver("1.2.0", "left").content("more").write(file));
        look(0);
        assertTrue(told.getLast().reason().contains("did not run: "), told.getLast().reason());
        look(0);
        look(REST);

        assertEquals(List.of(Deployed.Outcome.ROLLED_BACK, Deployed.Outcome.SWAPPED),
                told.stream().map(Deployed::outcome).toList());
    }

    private void once(int type, String version, Writing writing) {
        var done = new AtomicBoolean();
        framework.system().getBundleContext().addBundleListener((SynchronousBundleListener) event -> {
            if (event.getType() == type && event.getBundle().getVersion().toString().equals(version)
                    && done.compareAndSet(false, true)) {
                try {
                    writing.write();
                } catch (IOException refused) {
                    throw new UncheckedIOException(refused);
                }
            }
        });
    }

    /** What somebody does to a file meanwhile. */
    private interface Writing {
        void write() throws IOException;
    }

    @Test
    void shouldTryOnceWhatCannotBeMovedAside() throws Exception {
        var refused = Files.createDirectory(load.resolve("refused"));
        Files.setPosixFilePermissions(refused, PosixFilePermissions.fromString("rwxrwxr-x"));
        framework.install(JarMaker.driver("1.0.0", "left")).start();
        JarMaker.driver("1.1.0", "left").with("Test-Throws", "no").write(load.resolve("driver.jar"));
        lamp("1.0.0", "lamp.jar");
        look(0);
        look(REST);
        look(REST);

        assertEquals(List.of(Deployed.Outcome.INSTALLED, Deployed.Outcome.ROLLED_BACK),
                told.stream().map(Deployed::outcome).toList());
        assertTrue(told.getLast().reason().endsWith("; and it stays where it is (others than its owner can write to "
                + refused + "; take that away with chmod go-w " + refused + ")"), told.getLast().reason());
        assertTrue(Files.exists(load.resolve("driver.jar")));
    }

    @Test
    void shouldTakeTheOthersBesideAJarThatNobodyCanRead() throws Exception {
        framework.install(JarMaker.fragment("1.0.0", JarMaker.DRIVER));
        framework.install(JarMaker.driver("1.0.0", "left")).start();
        JarMaker.fragment("1.1.0", JarMaker.DRIVER)
                .with("Fragment-Host", JarMaker.DRIVER + ";bundle-version=soon").write(load.resolve("a.jar"));
        JarMaker.bundle("z.lamp", "1.0.0").write(load.resolve("z.jar"));
        look(0);

        assertEquals(List.of(Deployed.Outcome.REFUSED, Deployed.Outcome.INSTALLED),
                told.stream().map(Deployed::outcome).toList());
    }

    @Test
    void shouldRefuseLinksAndFoldersThatOthersCanChange() throws Exception {
        Files.createSymbolicLink(load.resolve("link.jar"), elsewhere.resolve("secret"));
        look(0);
        assertRefused("link.jar", " is a link or no file; copy the jar itself");

        var link = Files.createSymbolicLink(elsewhere.resolve("link"), load);
        assertEquals(link + " is a link; jars come in out of a folder of your own only, name that", refusal(link));
        var file = Files.writeString(elsewhere.resolve("file"), "");
        assertEquals(file + " is no folder; jars come in out of a folder of your own only, name that", refusal(file));
        Files.setPosixFilePermissions(load, PosixFilePermissions.fromString("rwxrwxr-x"));
        assertEquals("others than its owner can write to " + load + "; take that away with chmod go-w " + load,
                refusal(load));
        assertThrows(BadInputException.class, () -> look(0), "looked at anew each time");
        var owner = Files.getOwner(Path.of("/proc/1")).getName();
        if (!owner.equals(Files.getOwner(load).getName())) {
            assertEquals("/usr belongs to " + owner + "; jars come in out of a folder of your own only, name that",
                    refusal(Path.of("/usr")));
        }
    }

    private static String refusal(Path path) {
        return assertThrows(BadInputException.class, () -> OwnFolder.make(path)).getMessage();
    }

    private void look(long laterNs) throws IOException {
        nowNs += laterNs;
        folder.look(nowNs);
    }

    private void assertRefused(String name, String reason) throws IOException {
        var sentence = load.resolve("refused").resolve(name) + reason;
        assertEquals(sentence, told.getLast().reason());
        assertEquals(Deployed.Outcome.REFUSED, told.getLast().outcome());
        assertEquals(sentence, Files.readString(load.resolve("refused").resolve(name + ".reason")).strip());
        assertTrue(Files.exists(load.resolve("refused").resolve(name), LinkOption.NOFOLLOW_LINKS));
        assertFalse(Files.exists(load.resolve(name)));
    }

    private Path lamp(String version, String file) throws IOException {
        return JarMaker.bundle("lab.lamp", version).write(load.resolve(file));
    }

    private Bundle find(String name) {
        return Arrays.stream(framework.system().getBundleContext().getBundles()).filter(bundle ->
                name.equals(bundle.getSymbolicName())).findFirst().orElseThrow();
    }
}
