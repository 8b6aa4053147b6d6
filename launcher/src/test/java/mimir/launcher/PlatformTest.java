// SPDX-License-Identifier: Apache-2.0
package mimir.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleException;

/** Threads: confined. */
class PlatformTest {
    private static final long LIMIT_MS = 5_000;

    @TempDir
    Path folder;
    @TempDir
    Path cache;

    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private Platform platform;

    @BeforeEach
    void create() {
        platform = new Platform(cache, Map.of(), exit);
    }

    @AfterEach
    void stop() {
        assertThat(platform.stop(LIMIT_MS)).isTrue();
    }

    @Test
    void shouldStartABundleAndStop() throws Exception {
        jar("good", main -> { });

        platform.start(List.of(folder), known(), new String[] {"run"});

        assertThat(exit).isNotDone();
    }

    @Test
    void shouldEndWithZeroWhenTheFrameworkIsStoppedFromWithin() throws Exception {
        jar("good", main -> { });
        platform.start(List.of(folder), known(), new String[0]);

        platform.stop(LIMIT_MS);

        assertThat(exit).isCompletedWithValue(0);
    }

    @Test
    void shouldNameEachBundleThatLacksSomethingInOneSentence() throws IOException {
        jar("first", main -> main.putValue("Import-Package", "no.such.thing"));
        jar("second", main -> main.putValue("Fragment-Host", "nobody"));

        assertThatThrownBy(() -> platform.start(List.of(folder), known(), new String[0]))
            .isInstanceOfSatisfying(LaunchException.class, e -> assertThat(e.sentences()).containsExactly(
                "Bundle first does not start: first lacks osgi.wiring.package (osgi.wiring.package=no.such.thing)",
                "Bundle second does not start: its host nobody is not there or cannot take it"));
    }

    @Test
    void shouldSayWhatToDoWhenThereAreNoBundles() {
        assertThatThrownBy(() -> platform.start(List.of(folder), known(), new String[0]))
            .hasMessage("No bundles in " + folder + ": start Mimir by its script, which builds them.");
    }

    @Test
    void shouldSayWhatToDoWhenAJarIsNoBundle() throws IOException {
        Files.writeString(folder.resolve("x.jar"), "no zip");

        assertThatThrownBy(() -> platform.start(List.of(folder), known(), new String[0]))
            .hasMessageContaining("x.jar is no bundle").hasMessageEndingWith("build Mimir anew.");
    }

    @Test
    void shouldNotBlameAJarForAFullDisk() {
        assertThat(BundleFolder.isOfTheDisk(new BundleException("Unable to cache bundle: x.jar",
            new IOException("No space left on device")))).isTrue();
        assertThat(BundleFolder.isOfTheDisk(new BundleException("Unable to cache bundle: x.jar",
            new ZipException("zip END header not found")))).isFalse();
    }

    @Test
    void shouldStartNothingThatNobodyKnows() throws Exception {
        jar("good", main -> { });
        var known = known();
        jar("good", main -> main.putValue("Changed", "since"));

        assertThatThrownBy(() -> platform.start(List.of(folder), known, new String[0]))
            .isInstanceOf(LaunchException.class)
            .hasMessageMatching("\\Q" + folder.resolve("good.jar") + " is not what Mimir's build has made (SHA-256 \\E"
                + "[0-9a-f]{12}…\\Q): build Mimir anew, or take the file away; what is your own comes in with"
                + " mimir:install.\\E");
    }

    @Test
    void shouldStartWhatTheUserTrustsByItsHash() throws Exception {
        var lock = Files.writeString(cache.resolve("mimir.lock"), "");
        jar("mine", main -> { });
        Files.writeString(cache.resolve("trust"), "hash " + sha256(folder.resolve("mine.jar")) + " mine.jar\n");

        platform.start(List.of(folder), KnownJars.read(lock, Optional.of(cache)), new String[0]);

        assertThat(exit).isNotDone();
    }

    @Test
    void shouldNotStartWithoutTheListOfTheBuild() {
        assertThatThrownBy(() -> KnownJars.read(cache.resolve("mimir.lock"), Optional.empty()))
            .isInstanceOf(LaunchException.class).hasMessageStartingWith(cache.resolve("mimir.lock")
                + ", which says what belongs to Mimir, cannot be read").hasMessageEndingWith("build Mimir anew.");
    }

    /** All that lies there now. */
    private KnownJars known() throws Exception {
        var lines = new StringBuilder();
        try (var jars = Files.list(folder)) {
            for (var jar : jars.toList()) {
                lines.append(sha256(jar)).append("  ").append(jar.getFileName()).append('\n');
            }
        }
        return KnownJars.read(Files.writeString(cache.resolve("mimir.lock"), lines), Optional.empty());
    }

    private static String sha256(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    private void jar(String name, Consumer<Attributes> headers) throws IOException {
        var manifest = new Manifest();
        var main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", name);
        headers.accept(main);
        try (var file = Files.newOutputStream(folder.resolve(name + ".jar"))) {
            new JarOutputStream(file, manifest).close();
        }
    }
}
