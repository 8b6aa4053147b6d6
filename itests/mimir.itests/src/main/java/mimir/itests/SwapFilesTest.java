// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import mimir.api.BadInputException;
import mimir.api.swap.Swapped;
import mimir.api.swap.Swapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;

/** Jars of a real driver with its native code, good ones and damaged ones. */
@Timeout(60)
class SwapFilesTest extends RingsTest {
    private static final String DRIVER = "mimir.driver.sim";
    private static final String LIBRARY = "libmimir_driver_sim.so";

    @InjectBundleContext
    BundleContext context;
    @InjectService(timeout = 10_000)
    Swapper swapper;
    @TempDir
    Path jars;

    @Test
    void shouldTakeHostAndFragmentOutOfAFolderOfAllDrivers() throws Exception {
        load();
        int epoch = epoch("files.camera");
        int libraries = Platform.libraries(LIBRARY).size();
        for (var name : List.of(DRIVER, DRIVER + ".native", DRIVER + ".b", DRIVER + ".b.native", "mimir.engine")) {
            jar(name, false);
        }

        var swapped = swapper.swap(DRIVER, List.of(jars));

        assertEquals(Swapped.Outcome.SWAPPED, swapped.outcome(), swapped::toString);
        assertEquals(epoch + 1, epoch("files.camera"));
        assertEquals(libraries, Platform.libraries(LIBRARY).size());
    }

    @Test
    void shouldRefuseADamagedLibraryWhileTheDriverRunsOn() throws Exception {
        load();
        int epoch = epoch("files.camera");
        int libraries = Platform.libraries(LIBRARY).size();
        var file = jar(DRIVER + ".native", true);

        var refusal = assertThrows(BadInputException.class, () -> swapper.swap(DRIVER, List.of(file)));

        assertEquals("META-INF/native/linux-x86-64/" + LIBRARY + " in " + file
                + " is no shared library for this machine; build it for Linux on x86-64", refusal.getMessage());
        assertEquals(epoch, epoch("files.camera"));
        assertEquals(libraries, Platform.libraries(LIBRARY).size());
        var again = swapper.swap(DRIVER, List.of());
        assertEquals(Swapped.Outcome.SWAPPED, again.outcome(), again::toString);
    }

    @Test
    void shouldRefuseAHostWhoseFunctionsTheFragmentDoesNotHave() throws Exception {
        load();
        int epoch = epoch("files.camera");
        var host = jar(DRIVER, false, "Mimir-Native-Symbols", "mimir_sim_open, mimir_sim_dance");

        var refusal = assertThrows(BadInputException.class, () -> swapper.swap(DRIVER, List.of(host)));

        assertEquals("the library of " + DRIVER + ".native lacks mimir_sim_dance, which " + host
                + " calls; give host and fragment of the same build", refusal.getMessage());
        assertEquals(epoch, epoch("files.camera"));
    }

    private void load() {
        Platform.load(rigs, Platform.rig(List.of(Platform.camera(DRIVER, "files.camera", 64, 64, 60, ""))));
        Platform.await(() -> published("files.camera") > 3, () -> "not running");
    }

    /** A bundle of this framework as a jar; on request without a sound library. */
    private Path jar(String name, boolean damaged, String... header) throws IOException {
        var bundle = Arrays.stream(context.getBundles()).filter(one ->
                one.getSymbolicName().equals(name)).findFirst().orElseThrow();
        var file = jars.resolve(name + ".jar");
        var manifest = new Manifest();
        try (InputStream stream = bundle.getEntry("META-INF/MANIFEST.MF").openStream()) {
            manifest.read(stream);
        }
        for (int at = 0; at < header.length; at += 2) {
            manifest.getMainAttributes().putValue(header[at], header[at + 1]);
        }
        try (var jar = new JarOutputStream(Files.newOutputStream(file), manifest)) {
            copy(bundle, "/", jar, damaged);
        }
        return file;
    }

    private static void copy(Bundle bundle, String folder, JarOutputStream jar, boolean damaged) throws IOException {
        for (var path : Collections.list(bundle.getEntryPaths(folder))) {
            if (path.endsWith("/")) {
                copy(bundle, path, jar, damaged);
            } else if (!path.equals("META-INF/MANIFEST.MF")) {
                jar.putNextEntry(new ZipEntry(path));
                try (var content = bundle.getEntry(path).openStream()) {
                    jar.write(damaged && path.endsWith(".so") ? "no library".getBytes() : content.readAllBytes());
                }
                jar.closeEntry();
            }
        }
    }
}
