// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Consumer;
import mimir.api.BadInputException;
import mimir.api.swap.Deployed;
import mimir.api.swap.Deployer;
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
    private static final String CHANGED = " changed while it was being swapped in; bring it in again when nothing"
            + " writes it any more";
    private static final String LIBRARY = "libmimir_driver_sim.so";
    private static final List<String> SOURCES = List.of("broken.camera", "broken.audio");

    @InjectBundleContext
    BundleContext context;
    @InjectService(timeout = 10_000)
    Swapper swapper;
    @InjectService(timeout = 10_000)
    TrustList trust;
    @InjectService(timeout = 10_000)
    Deployer deployer;
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
    void shouldTouchNothingWhenAFileChangesBetweenTheCheckAndTheStop() throws Exception {
        var file = host().header("Lab-Build", "1").write(jars);
        var trusted = trust.trust(file.toString());
        var epochs = epochs();

        var swapped = swapper.swap(DRIVER, List.of(file), plan -> overwrite(file));
        trust.forget(trusted.sha256());

        assertEquals(Swapped.Outcome.REFUSED, swapped.outcome(), swapped::toString);
        assertEquals(file + CHANGED, swapped.reason());
        assertJournal("refused", trusted.sha256());
        assertDelivers();
        assertEquals(epochs, epochs());
    }

    @Test
    void shouldPutTheFormerBackWhenAFileChangesBetweenTheStopAndTheUpdate() throws Exception {
        var epochs = epochs();
        var swapped = rolledBack(host().header("Lab-Build", "1"), BrokenDriverTest::overwrite);

        assertEquals(NOT_RUN + jars.resolve(DRIVER + ".jar") + CHANGED, swapped.reason());
        assertEquals(epochs.stream().map(epoch -> epoch + 1).sorted().toList(), swapped.sources().stream()
                .map(Swapped.Gap::epochAfter).sorted().toList(), "the other build was not even tried");
    }

    @Test
    void shouldPutTheFormerBackWhenTheFragmentIsGoneAtTheUpdate() throws Exception {
        var swapped = rolledBack(new DriverJar(context, DRIVER + ".native").header("Lab-Build", "1"),
                BrokenDriverTest::delete);

        assertEquals(NOT_RUN + jars.resolve(DRIVER + ".native.jar") + " was there when it was checked and is gone or"
                + " cannot be read now; put it back and bring it in again", swapped.reason());
    }

    @Test
    void shouldTakeOutOfTheFolderWhatChangedMeanwhileOnceItHasSettled() throws Exception {
        var load = jars.resolve("load");
        deployer.watch(load);
        assertTrue(deployer.settle(Platform.PATIENCE));
        var first = host().header("Lab-Build", "a").write(jars);
        var firstSha256 = trust.trust(first.toString()).sha256();
        var bytes = Files.readAllBytes(first);
        var next = host().header("Lab-Build", "the one that is meant").write(jars);
        var nextSha256 = trust.trust(next.toString()).sha256();
        var file = load.resolve("driver.jar");
        int before = deployer.history().size();

        try (var stopped = new OnceStopped(context, DRIVER, () -> copy(next, file))) {
            Files.write(file, bytes);
            Platform.await(() -> deployer.history().size() > before + 1, () -> deployer.history().toString());
        }
        trust.forget(firstSha256);
        trust.forget(nextSha256);

        var deployed = deployer.history().subList(before, before + 2);
        assertEquals(List.of(Deployed.Outcome.ROLLED_BACK, Deployed.Outcome.SWAPPED), deployed.stream()
                .map(Deployed::outcome).toList(), deployed::toString);
        assertEquals(NOT_RUN + file + CHANGED + "; this folder tries it again when it is at rest",
                deployed.getFirst().reason());
        assertJournal("swapped", nextSha256);
        assertDelivers();
    }

    private void assertJournal(String outcome, String sha256Given) {
        var line = swapper.journal().getLast();
        assertTrue(line.contains("\"outcome\":\"" + outcome + '"'), line);
        assertTrue(line.contains("\"sha256Given\":\"" + sha256Given), line);
        assertEquals(outcome.equals("swapped"), line.contains("\"sha256After\":\"" + sha256Given), line);
    }

    /** As a build does that goes on beside: in the same file, not in a new one of that name. */
    private static void overwrite(Path file) {
        try {
            Files.writeString(file, "another build", StandardOpenOption.TRUNCATE_EXISTING);
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    private static void copy(Path from, Path to) {
        try {
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
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
        var epochs = epochs();
        var sentence = assertThrows(BadInputException.class, () -> swapper.swap(DRIVER, List.of(file))).getMessage();
        assertEquals(1, sentence.lines().count(), sentence);
        assertDelivers();
        assertEquals(epochs, epochs());
        return sentence;
    }

    private List<Integer> epochs() {
        return SOURCES.stream().map(this::epoch).toList();
    }

    private DriverJar host() {
        return new DriverJar(context, DRIVER);
    }

    /** Swaps for it, and looks that the former driver is as good as before. */
    private Swapped rolledBack(DriverJar broken) throws Exception {
        return rolledBack(broken, file -> { });
    }

    /** {@code stopped} is done to the file when the former driver has stopped. */
    private Swapped rolledBack(DriverJar broken, Consumer<Path> stopped) throws Exception {
        var camera = rings.find("broken.camera").orElseThrow();
        try (var reader = camera.reader("stayed", Profile.EVERY, Start.NOW)) {
            var file = broken.write(jars);
            var trusted = trust.trust(file.toString());
            var swapped = swapWhile(file, () -> stopped.accept(file));
            trust.forget(trusted.sha256());

            assertEquals(Swapped.Outcome.ROLLED_BACK, swapped.outcome(), swapped::toString);
            assertJournal("rolled-back", trusted.sha256());
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

    private Swapped swapWhile(Path file, Runnable stopped) {
        try (var listener = new OnceStopped(context, DRIVER, stopped)) {
            return swapper.swap(DRIVER, List.of(file));
        }
    }

    private void assertDelivers() {
        SOURCES.forEach(source -> {
            long before = published(source);
            Platform.await(() -> published(source) > before + 10, () -> source + " delivers nothing");
        });
    }
}
