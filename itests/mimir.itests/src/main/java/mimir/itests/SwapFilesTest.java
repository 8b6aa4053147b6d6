// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import mimir.api.BadInputException;
import mimir.api.swap.Swapped;
import mimir.api.swap.Swapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
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

    /** A bundle of this framework as a jar; on request without a sound library, or with other headers. */
    private Path jar(String name, boolean damaged, String... header) throws IOException {
        var jar = new DriverJar(context, name);
        for (int at = 0; at < header.length; at += 2) {
            jar.header(header[at], header[at + 1]);
        }
        return (damaged ? jar.text(".so", "no library") : jar).write(jars);
    }
}
