// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import mimir.api.BadInputException;
import mimir.api.swap.Swapped;
import mimir.api.swap.Swapper;
import mimir.api.swap.TrustList;
import mimir.ring.Profile;
import mimir.ring.Start;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;

/**
 * Builds of a real driver that are broken in one way each: the former one is back with one sentence, and delivers.
 */
@Timeout(90)
class BrokenDriverTest extends RingsTest {
    private static final String DRIVER = "mimir.driver.sim";
    private static final String NOT_RUN = "the new driver did not run: ";
    private static final String LIBRARY = "libmimir_driver_sim.so";
    private static final List<String> SOURCES = List.of("broken.camera", "broken.audio");

    @InjectBundleContext
    BundleContext context;
    @InjectService(timeout = 10_000)
    Swapper swapper;
    @InjectService(timeout = 10_000)
    TrustList trust;
    @TempDir
    Path jars;
    private int libraries;

    @BeforeEach
    void load() {
        Platform.load(rigs, Platform.rig(List.of(Platform.camera(DRIVER, "broken.camera", 64, 64, 60, ""),
                Platform.audio(DRIVER, "broken.audio", 2, 48_000, ""))));
        SOURCES.forEach(source -> Platform.await(() -> published(source) > 3, () -> source + " does not run"));
        libraries = Platform.libraries(LIBRARY).size();
    }

    @Test
    void shouldPutTheFormerBackWhenAConstructorThrows() throws Exception {
        var swapped = rolledBack(host().constructorThrows(DRIVER + ".SimLibrary", "the firmware is too old"));

        assertEquals(NOT_RUN + "source broken.audio did not come back: its component mimir.driver.sim.SimLibrary"
                + " failed: the firmware is too old", swapped.reason());
    }

    @Test
    void shouldPutTheFormerBackWhenAStartHangs() throws Exception {
        var swapped = rolledBack(host().constructorWaits(DRIVER + ".SimLibrary"));

        assertEquals(NOT_RUN + "its start did not come back within 5 s", swapped.reason());
    }

    @Test
    void shouldPutTheFormerBackWhenTheNewOneDeliversNothing() throws Exception {
        var swapped = rolledBack(host().empty(DRIVER + ".SimDevice", "start"));

        assertEquals(NOT_RUN + "source broken.audio gave no good item within 2 s", swapped.reason());
    }

    @Test
    void shouldNeverRunALibraryThatLacksAFunction() throws Exception {
        var file = new DriverJar(context, DRIVER + ".native").rename(".so", "mimir_sim_start", "mimir_sim_stert")
                .write(jars);
        var trusted = trust.trust(file.toString());

        assertTrue(sentence(file).contains("mimir_sim_start"), () -> sentence(file));
        trust.forget(trusted.sha256());
        assertDelivers();
    }

    /** Why it does not run: at the gate, or after a rollback where the gate was not told what the host needs. */
    private String sentence(Path file) {
        try {
            var swapped = swapper.swap(DRIVER, List.of(file));
            assertEquals(Swapped.Outcome.ROLLED_BACK, swapped.outcome(), swapped::toString);
            return swapped.reason();
        } catch (BadInputException refused) {
            return refused.getMessage();
        }
    }

    @Test
    void shouldTouchNothingWhenAFileIsCorrupt() throws Exception {
        var file = host().write(jars);
        var bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 0x10;
        Files.write(file, bytes);

        assertTrue(refusal(file).contains(file.toString()), refusal(file));
    }

    @Test
    void shouldTouchNothingWhenNobodyKnowsTheFile() throws Exception {
        var file = host().header("Lab-Build", "1").write(jars);
        var sentence = refusal(file);

        assertTrue(sentence.startsWith(file + " is unknown here (SHA-256 "), sentence);
    }

    @Test
    void shouldTouchNothingWhenTheFileWasChangedAfterItWasTrusted() throws Exception {
        var file = host().header("Lab-Build", "1").write(jars);
        var trusted = trust.trust(file.toString());
        host().header("Lab-Build", "2").write(jars);
        var sentence = refusal(file);

        assertTrue(sentence.startsWith(file + " is unknown here (SHA-256 "), sentence);
        trust.forget(trusted.sha256());
    }

    @Test
    void shouldRunWhatWasCheckedThoughTheFileChangesMeanwhile() throws Exception {
        var file = host().header("Lab-Build", "1").write(jars);
        var trusted = trust.trust(file.toString());

        var swapped = swapper.swap(DRIVER, List.of(file), plan -> overwrite(file));
        trust.forget(trusted.sha256());

        assertEquals(Swapped.Outcome.SWAPPED, swapped.outcome(), swapped::toString);
        assertTrue(swapper.journal().getLast().contains("\"sha256After\":\"" + trusted.sha256()),
                swapper.journal()::getLast);
        assertDelivers();
    }

    /** As a build does that goes on beside: in the same file, not in a new one of that name. */
    private static void overwrite(Path file) {
        try {
            Files.writeString(file, "another build", StandardOpenOption.TRUNCATE_EXISTING);
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    @Test
    void shouldTouchNothingWhenTheLibraryIsForAnotherMachine() throws Exception {
        var file = new DriverJar(context, DRIVER + ".native").header("Bundle-NativeCode",
                "META-INF/native/linux-x86-64/" + LIBRARY + ";osname=Linux;processor=aarch64,*").write(jars);

        assertEquals(file + " has no library for Linux on x86-64; build it for this machine", refusal(file));
    }

    @Test
    void shouldTouchNothingWhenTheDriverReachesIntoAnotherBundle() throws Exception {
        var file = host().more("Import-Package", "mimir.engine.rig").write(jars);

        assertEquals(file + " imports mimir.engine.rig of another bundle of Mimir; import only mimir.ring and"
                + " mimir.api, and meet the others through services", refusal(file));
    }

    @Test
    void shouldTouchNothingWhenTheHostOfAnotherBuildComesWithoutItsFragment() throws Exception {
        var file = host().header("Mimir-Native-Symbols", "mimir_sim_open, mimir_sim_dance").write(jars);

        assertEquals("the library of " + DRIVER + ".native lacks mimir_sim_dance, which " + file
                + " calls; give host and fragment of the same build", refusal(file));
    }

    private String refusal(Path file) {
        var epochs = SOURCES.stream().map(this::epoch).toList();
        var sentence = assertThrows(BadInputException.class, () -> swapper.swap(DRIVER, List.of(file))).getMessage();
        assertEquals(1, sentence.lines().count(), sentence);
        assertDelivers();
        assertEquals(epochs, SOURCES.stream().map(this::epoch).toList());
        return sentence;
    }

    private DriverJar host() {
        return new DriverJar(context, DRIVER);
    }

    /** Swaps for it, and looks that the former driver is as good as before. */
    private Swapped rolledBack(DriverJar broken) throws Exception {
        var camera = rings.find("broken.camera").orElseThrow();
        try (var reader = camera.reader("stayed", Profile.EVERY, Start.NOW)) {
            var file = broken.write(jars);
            var trusted = trust.trust(file.toString());
            var swapped = swapper.swap(DRIVER, List.of(file));
            trust.forget(trusted.sha256());

            assertEquals(Swapped.Outcome.ROLLED_BACK, swapped.outcome(), swapped::toString);
            assertEquals(1, swapped.reason().lines().count(), swapped.reason());
            assertEquals(SOURCES.stream().sorted().toList(), swapped.sources().stream().map(
                    Swapped.Gap::source).toList());
            assertDelivers();
            assertTrue(reader.stats().conserved(), () -> reader.stats().toString());
            assertEquals(libraries, Platform.libraries(LIBRARY).size(), "libraries that are mapped");
            var again = swapper.swap(DRIVER, List.of());
            assertEquals(Swapped.Outcome.SWAPPED, again.outcome(), again::toString);
            return swapped;
        }
    }

    private void assertDelivers() {
        SOURCES.forEach(source -> {
            long before = published(source);
            Platform.await(() -> published(source) > before + 10, () -> source + " delivers nothing");
        });
    }
}
