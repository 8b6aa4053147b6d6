// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import mimir.api.swap.Swapped;
import mimir.api.swap.Swapped.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.SynchronousBundleListener;

/** Files that do not stay what they were when they were checked. */
class ChangedFileTest {
    private static final String CHANGED = " changed while it was being swapped in; bring it in again when nothing"
            + " writes it any more";
    private static final String GONE = " was there when it was checked and is gone or cannot be read now; put it back"
            + " and bring it in again";

    @TempDir
    private Path cache;
    @TempDir
    private Path jars;
    private TestFramework framework;
    private Bundle fragment;
    private Bundle host;
    private Path hostFile;
    private Path fragmentFile;

    /** What somebody does to a file. */
    private interface Writing {
        void write(Path file) throws IOException;

        default void to(Path file) {
            try {
                write(file);
            } catch (IOException refused) {
                throw new UncheckedIOException(refused);
            }
        }
    }

    @BeforeEach
    void installDriver() throws Exception {
        framework = new TestFramework(cache, new TestFramework.TestWorkers(true), Duration.ofSeconds(5));
        fragment = framework.install(JarMaker.fragment("1.0.0", JarMaker.DRIVER).content("native code"));
        host = framework.install(JarMaker.driver("1.0.0", "left"));
        host.start();
        make();
    }

    private void make() throws IOException {
        hostFile = JarMaker.driver("1.1.0", "left").write(jars.resolve("host.jar"));
        fragmentFile = JarMaker.fragment("1.1.0", JarMaker.DRIVER).write(jars.resolve("fragment.jar"));
    }

    @AfterEach
    void close() throws Exception {
        framework.close();
    }

    @Test
    void shouldTouchNothingWhenAFileIsOverwrittenBeforeTheStop() throws Exception {
        assertRefused(hostFile, CHANGED, file -> Files.writeString(file, "x", StandardOpenOption.WRITE));
        assertRefused(hostFile, CHANGED, file -> Files.writeString(file, "", StandardOpenOption.TRUNCATE_EXISTING));
        assertRefused(fragmentFile, CHANGED, file -> Files.writeString(file, "x", StandardOpenOption.APPEND));
        assertRefused(fragmentFile, CHANGED, file -> JarMaker.fragment("1.2.0", JarMaker.DRIVER).write(file));
    }

    @Test
    void shouldTouchNothingWhenSomethingElseIsInThePlaceOfAFile() throws Exception {
        assertRefused(hostFile, GONE, Files::delete);
        assertRefused(hostFile, CHANGED, file -> {
            Files.delete(file);
            Files.createDirectory(file);
        });
        Files.delete(hostFile);
        assertRefused(fragmentFile, CHANGED, file -> {
            Files.delete(file);
            Files.createSymbolicLink(file, Path.of("/dev/zero"));
        });
        Files.delete(fragmentFile);
        assertRefused(fragmentFile, GONE, file -> {
            Files.delete(file);
            Files.createSymbolicLink(file, jars.resolve("nowhere"));
        });
    }

    private void assertRefused(Path victim, String sentence, Writing writing) throws IOException {
        make();
        var before = framework.states();

        var swapped = framework.swapper().swap(JarMaker.DRIVER, List.of(hostFile, fragmentFile), plan ->
                writing.to(victim));

        assertEquals(Outcome.REFUSED, swapped.outcome(), swapped::toString);
        assertEquals(victim + sentence, swapped.reason());
        assertEquals(before, framework.states());
        assertEquals(List.of("1.0.0", "1.0.0"), versions());
        assertEquals(1, framework.store().find("left").orElseThrow().stats().epoch());
        var line = framework.swapper().journal().getLast();
        assertTrue(line.contains("\"outcome\":\"refused\",\"reason\":\"" + victim + sentence), line);
    }

    @Test
    void shouldPutTheFormerBackWhenAFileChangesAfterTheStop() throws Exception {
        for (var victim : List.of(hostFile, fragmentFile)) {
            make();
            var started = started();

            var swapped = whenStopped(victim, file -> Files.writeString(file, "", StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING));

            assertRolledBack(swapped, victim + CHANGED);
            assertEquals(List.of("1.0.0"), started, "the new one is not even tried");
        }
    }

    @Test
    void shouldPutTheFormerBackWhenAFileIsGoneAfterTheStop() throws Exception {
        assertRolledBack(whenStopped(fragmentFile, Files::delete), fragmentFile + GONE);
    }

    @Test
    void shouldRunWhatWasWrittenAnewWithTheSameBytes() throws Exception {
        var swapped = whenStopped(hostFile, file -> {
            var bytes = Files.readAllBytes(file);
            Files.delete(file);
            Files.write(jars.resolve("elsewhere"), bytes);
            Files.createSymbolicLink(file, jars.resolve("elsewhere"));
        });

        assertEquals(Outcome.SWAPPED, swapped.outcome(), swapped::toString);
        assertEquals(List.of("1.1.0", "1.1.0"), versions());
    }

    @Test
    void shouldNotAskForFilesOfFormerSwaps() throws Exception {
        assertEquals(Outcome.SWAPPED, framework.swapper().swap(JarMaker.DRIVER, List.of(jars)).outcome());
        Files.delete(hostFile);
        Files.writeString(fragmentFile, "another build");

        assertEquals(Outcome.SWAPPED, framework.swapper().swap(JarMaker.DRIVER, List.of()).outcome());
        assertEquals(List.of("1.1.0", "1.1.0"), versions());
    }

    @Test
    void shouldNotWaitForEverForAFileSystemThatHangs() {
        var means = new Means(null, framework.gate(), new TestFramework.TestWorkers(false), null, null, null);
        var driver = Swappable.find(framework.system().getBundleContext(), JarMaker.DRIVER);
        var given = SwapFiles.read(framework.gate(), driver, List.of(hostFile));
        var most = Duration.ofMillis(200);
        var replacement = new Replacement(means, driver, new Patience(most, most, most, most, most, most));

        assertEquals("the files that were given could not be read again within 200 ms; copy them to a disk of this"
                + " machine and give them again", assertThrows(BundleException.class, () ->
                replacement.checkFiles(given)).getMessage());
    }

    /** The driver does not run any more, and the new bytes are not in yet. */
    private Swapped whenStopped(Path victim, Writing writing) {
        var context = framework.system().getBundleContext();
        var listener = new SynchronousBundleListener[1];
        listener[0] = event -> {
            if (event.getType() == BundleEvent.STOPPED) {
                context.removeBundleListener(listener[0]);
                writing.to(victim);
            }
        };
        context.addBundleListener(listener[0]);
        return framework.swapper().swap(JarMaker.DRIVER, List.of(hostFile, fragmentFile));
    }

    private List<String> started() {
        var started = new ArrayList<String>();
        framework.system().getBundleContext().addBundleListener((SynchronousBundleListener) event -> {
            if (event.getType() == BundleEvent.STARTED) {
                started.add(event.getBundle().getVersion().toString());
            }
        });
        return started;
    }

    private void assertRolledBack(Swapped swapped, String sentence) throws Exception {
        assertEquals(Outcome.ROLLED_BACK, swapped.outcome(), swapped::toString);
        assertEquals("the new driver did not run: " + sentence, swapped.reason());
        assertEquals(List.of("1.0.0", "1.0.0"), versions());
        assertEquals(Set.of("left"), framework.sources());
        try (var content = fragment.getEntry("content.txt").openStream()) {
            assertEquals("native code", new String(content.readAllBytes()));
        }
        var line = framework.swapper().journal().getLast();
        assertTrue(line.contains("\"outcome\":\"rolled-back\""), line);
    }

    private List<String> versions() {
        return List.of(host.getVersion().toString(), fragment.getVersion().toString());
    }
}
