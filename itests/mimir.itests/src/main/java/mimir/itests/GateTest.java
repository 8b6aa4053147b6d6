// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import mimir.api.BadInputException;
import mimir.api.swap.Deployed;
import mimir.api.swap.Deployer;
import mimir.api.swap.TrustList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;

/** Every way in, with a jar that nobody knows and with one that is trusted. */
@Timeout(60)
class GateTest extends RingsTest {
    private static final String NAME = "lab.lamp";

    @InjectBundleContext
    BundleContext context;
    @InjectService(timeout = 10_000)
    TrustList trust;
    @InjectService(timeout = 10_000)
    Deployer deployer;
    @TempDir
    Path folder;

    @AfterEach
    void takeOut() throws BundleException {
        for (var bundle : context.getBundles()) {
            if (bundle.getSymbolicName().equals(NAME)) {
                bundle.uninstall();
            }
        }
        trust.trusted().forEach(one -> trust.forget(one.sha256()));
    }

    @Test
    void shouldInstallWhatIsTrustedAndNothingElse() throws Exception {
        var file = lamp("1.0.0", folder.resolve("lamp.jar"));

        var refusal = assertThrows(BadInputException.class, () -> deployer.install(List.of(file))).getMessage();
        assertTrue(refusal.matches("\\Q" + file + "\\E is unknown here \\(SHA-256 [0-9a-f]{12}…\\); if you know where"
                + " it comes from, let it in with mimir:trust \\Q" + file + "\\E"), refusal);
        assertEquals(0, count());

        trust.trust(file.toString());
        assertEquals(Deployed.Outcome.INSTALLED, install(file));
        assertEquals(Bundle.ACTIVE, lamp().getState());
        assertEquals(Deployed.Outcome.UNCHANGED, install(file));

        var next = lamp("2.0.0", folder.resolve("next.jar"));
        assertThrows(BadInputException.class, () -> deployer.install(List.of(next)));
        trust.trust(next.toString());
        assertEquals(Deployed.Outcome.SWAPPED, install(next));
        assertEquals("2.0.0", lamp().getVersion().toString());
    }

    @Test
    void shouldNotRunWhatIsUnknownThoughTheFrameworkInstalledIt() throws Exception {
        var file = lamp("1.0.0", folder.resolve("lamp.jar"));

        var bundle = context.installBundle(file.toUri().toString());
        assertThrows(BundleException.class, bundle::start);
        assertEquals(Bundle.INSTALLED, bundle.getState());

        trust.trust(file.toString());
        assertThrows(BundleException.class, bundle::start, "it was unknown when it came");
        assertEquals(Deployed.Outcome.INSTALLED, install(file));
        assertEquals(Bundle.ACTIVE, lamp().getState());
        assertEquals(1, count());

        lamp().uninstall();
        context.installBundle(file.toUri().toString()).start(); // its file is trusted, and is what the framework took
        assertEquals(Bundle.ACTIVE, lamp().getState());
        lamp().update();
        assertEquals(Bundle.ACTIVE, lamp().getState());
    }

    @Test
    void shouldNotRunWhatIsNotInTheFileThatIsTrusted() throws Exception {
        var file = lamp("1.0.0", folder.resolve("lamp.jar"));
        trust.trust(file.toString());

        try (var other = Files.newInputStream(lamp("1.0.1", folder.resolve("other.jar")))) {
            var bundle = context.installBundle(file.toUri().toString(), other);
            assertThrows(BundleException.class, bundle::start);
        }
    }

    @Test
    void shouldNotRunWhatIsUnknownThoughTheFrameworkUpdatedIt() throws Exception {
        var file = lamp("1.0.0", folder.resolve("lamp.jar"));
        trust.trust(file.toString());
        install(file);

        try (var other = Files.newInputStream(lamp("1.0.1", folder.resolve("other.jar")))) {
            assertThrows(BundleException.class, () -> lamp().update(other), "it ran, so it should run again");
        }
        assertEquals(Bundle.INSTALLED, lamp().getState());
        assertThrows(BundleException.class, lamp()::start);

        assertEquals(Deployed.Outcome.INSTALLED, install(file));
        assertEquals("1.0.0", lamp().getVersion().toString());
        assertEquals(Bundle.ACTIVE, lamp().getState());
    }

    @Test
    void shouldInstallAndSwapWhatIsDroppedIntoTheFolder() throws Exception {
        var load = folder.resolve("load");
        deployer.watch(load);
        assertTrue(deployer.settle(Platform.PATIENCE));
        trust.trust(lamp("1.0.0", folder.resolve("one.jar")).toString());
        trust.trust(lamp("2.0.0", folder.resolve("two.jar")).toString());
        var bytes = Files.readAllBytes(folder.resolve("one.jar"));
        int before = deployer.history().size();

        Files.write(load.resolve("lamp.jar"), Arrays.copyOf(bytes, bytes.length / 2));
        var sentinel = Files.copy(folder.resolve("two.jar"), load.resolve("unknown.jar.part"));
        assertFalse(Files.exists(load.resolve("refused")), "a copy that goes on is waited for");
        Files.write(load.resolve("lamp.jar"), bytes);
        Platform.await(() -> count() == 1 && lamp().getState() == Bundle.ACTIVE, () -> last().toString());
        assertEquals("1.0.0", lamp().getVersion().toString());
        Platform.await(() -> deployer.history().size() > before, () -> last().toString()); // it ran before it was told

        Files.copy(folder.resolve("two.jar"), load.resolve("two.jar"));
        Platform.await(() -> last().outcome() == Deployed.Outcome.SWAPPED, () -> last().toString());
        assertEquals("2.0.0", lamp().getVersion().toString());
        assertTrue(Files.exists(load.resolve("two.jar")) && Files.exists(sentinel));
    }

    @Test
    void shouldMoveAsideWhatItDoesNotLetIn() throws Exception {
        var load = folder.resolve("load");
        deployer.watch(load);
        lamp("1.0.0", load.resolve("lamp.jar"));
        var refused = load.resolve("refused/lamp.jar");

        Platform.await(() -> Files.exists(load.resolve("refused/lamp.jar.reason")), () -> last().toString());
        assertTrue(Files.readString(load.resolve("refused/lamp.jar.reason")).startsWith(
                refused + " is unknown here (SHA-256 "), () -> last().toString());
        assertTrue(Files.exists(refused) && !Files.exists(load.resolve("lamp.jar")));
        assertEquals(0, count());

        trust.trust(refused.toString());
        Files.move(refused, load.resolve("lamp.jar"));
        Platform.await(() -> count() == 1 && lamp().getState() == Bundle.ACTIVE, () -> last().toString());
    }

    private Deployed.Outcome install(Path file) {
        return deployer.install(List.of(file)).getFirst().outcome();
    }

    private Deployed last() {
        return deployer.history().getLast();
    }

    private long count() {
        return Arrays.stream(context.getBundles()).filter(bundle -> bundle.getSymbolicName().equals(NAME)).count();
    }

    private Bundle lamp() {
        return Arrays.stream(context.getBundles()).filter(bundle -> bundle.getSymbolicName().equals(NAME)).findFirst()
                .orElseThrow();
    }

    /** A bundle that can be swapped, for it says that it has analysers. */
    private static Path lamp(String version, Path file) throws IOException {
        var manifest = new Manifest();
        var headers = manifest.getMainAttributes();
        headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.putValue("Bundle-ManifestVersion", "2");
        headers.putValue("Bundle-SymbolicName", NAME);
        headers.putValue("Bundle-Version", version);
        headers.putValue("Provide-Capability",
                "osgi.service;objectClass:List<String>=\"mimir.api.analysis.Analyzer\"");
        var made = Files.createTempFile(file.getParent(), "lamp", ".making"); // whole when it appears under its name
        try (var jar = new JarOutputStream(Files.newOutputStream(made), manifest)) {
            jar.putNextEntry(new JarEntry("version.txt"));
            jar.write(version.getBytes());
            jar.closeEntry();
        }
        return Files.move(made, file);
    }
}
