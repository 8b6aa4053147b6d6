// SPDX-License-Identifier: Apache-2.0
package mimir.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

        platform.start(List.of(folder), new String[] {"run"});

        assertThat(exit).isNotDone();
    }

    @Test
    void shouldEndWithZeroWhenTheFrameworkIsStoppedFromWithin() throws Exception {
        jar("good", main -> { });
        platform.start(List.of(folder), new String[0]);

        platform.stop(LIMIT_MS);

        assertThat(exit).isCompletedWithValue(0);
    }

    @Test
    void shouldNameEachBundleThatLacksSomethingInOneSentence() throws IOException {
        jar("first", main -> main.putValue("Import-Package", "no.such.thing"));
        jar("second", main -> main.putValue("Fragment-Host", "nobody"));

        assertThatThrownBy(() -> platform.start(List.of(folder), new String[0]))
            .isInstanceOfSatisfying(LaunchException.class, e -> assertThat(e.sentences()).containsExactly(
                "Bundle first does not start: first lacks osgi.wiring.package (osgi.wiring.package=no.such.thing)",
                "Bundle second does not start: its host nobody is not there or cannot take it"));
    }

    @Test
    void shouldSayWhatToDoWhenThereAreNoBundles() {
        assertThatThrownBy(() -> platform.start(List.of(folder), new String[0]))
            .hasMessage("No bundles in " + folder + ": start Mimir by its script, which builds them.");
    }

    @Test
    void shouldSayWhatToDoWhenAJarIsNoBundle() throws IOException {
        Files.writeString(folder.resolve("x.jar"), "no zip");

        assertThatThrownBy(() -> platform.start(List.of(folder), new String[0]))
            .hasMessageContaining("x.jar is no bundle").hasMessageEndingWith("build Mimir anew.");
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
