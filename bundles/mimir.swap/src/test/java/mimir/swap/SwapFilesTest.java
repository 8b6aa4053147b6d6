// SPDX-License-Identifier: Apache-2.0
package mimir.swap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import mimir.api.BadInputException;
import mimir.swap.gate.Location;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with files is found out before anything is touched. */
class SwapFilesTest {
    @TempDir
    private Path cache;
    @TempDir
    private Path jars;
    private TestFramework framework;
    private List<String> before;

    @BeforeEach
    void installDriver() throws Exception {
        framework = new TestFramework(cache, new TestFramework.TestWorkers(true), Duration.ofSeconds(5));
        framework.install(JarMaker.fragment("1.0.0", JarMaker.DRIVER));
        framework.install(JarMaker.driver("1.0.0", "left")).start();
        before = framework.states();
    }

    @AfterEach
    void nothingWasTouched() throws Exception {
        assertEquals(before, framework.states());
        assertEquals(1, framework.store().find("left").orElseThrow().stats().epoch());
        assertEquals(List.of(), framework.swapper().history());
        framework.close();
    }

    @Test
    void shouldRefuseWhatIsNoBundleOfThisDriver() throws Exception {
        var other = JarMaker.bundle("mimir.driver.other", "1.0.0").write(jars.resolve("other.jar"));
        var library = JarMaker.empty().write(jars.resolve("library.jar"));

        assertEquals(other + " is mimir.driver.other, which is no part of mimir.driver.test; its parts are"
                + " mimir.driver.test, mimir.driver.test.native", refusal(other));
        assertEquals(library + " is a jar but no bundle; give the jar of mimir.driver.test or of its fragment",
                refusal(library));
        assertEquals("no jar in " + jars + " is a part of mimir.driver.test; its parts are"
                + " mimir.driver.test, mimir.driver.test.native", refusal(jars));
        assertEquals("nowhere.jar cannot be read as a file; give a jar of a host or of its fragment, or a folder"
                + " that holds them", refusal(Path.of("nowhere.jar")));
    }

    @Test
    void shouldRefuseDamagedJars() throws Exception {
        var text = Files.writeString(jars.resolve("text.jar"), "no jar at all");
        var whole = Files.readAllBytes(driver("1.1.0"));
        var cut = Files.write(jars.resolve("cut.jar"), Arrays.copyOf(whole, whole.length / 2));

        assertTrue(refusal(text).startsWith(text + " is no sound jar ("), refusal(text));
        assertTrue(refusal(cut).endsWith("); build or copy it again"), refusal(cut));
        assertTrue(refusal(jars).contains(" is no sound jar ("), "also in a folder: it might be the fragment");
    }

    @Test
    void shouldRefuseAJarWithOneDamagedByte() throws Exception {
        var file = JarMaker.fragment("1.1.0", JarMaker.DRIVER).content("native code")
                .write(jars.resolve("fragment.jar"));
        var bytes = Files.readAllBytes(file);
        var name = "content.txt".getBytes(StandardCharsets.UTF_8);
        bytes[firstIndexOf(bytes, name) + name.length + 3] ^= 0x10;
        Files.write(file, bytes);

        assertTrue(refusal(file).startsWith(file + " is no sound jar ("), refusal(file));
    }

    @Test
    void shouldRefuseTheWrongRole() throws Exception {
        var noFragment = JarMaker.bundle(JarMaker.FRAGMENT, "1.0.0").write(jars.resolve("a.jar"));
        var otherHost = JarMaker.fragment("1.0.0", JarMaker.DRIVER).with("Fragment-Host", "mimir.driver.other")
                .write(jars.resolve("b.jar"));
        var noHost = JarMaker.bundle(JarMaker.DRIVER, "1.0.0").with("Fragment-Host", "mimir.driver.other")
                .write(jars.resolve("c.jar"));

        assertEquals(noFragment + " is called mimir.driver.test.native but is no fragment; give the right jar",
                refusal(noFragment));
        assertEquals(otherHost + " is called mimir.driver.test.native but is a fragment of mimir.driver.other;"
                + " give the right jar", refusal(otherHost));
        assertEquals(noHost + " is called mimir.driver.test but is a fragment of mimir.driver.other;"
                + " give the right jar", refusal(noHost));
    }

    @Test
    void shouldRefuseWhatWouldNotFitTogether() throws Exception {
        assertEquals("mimir.driver.test.native fits mimir.driver.test [1.0.0,2.0.0), but that would be 2.0.0;"
                + " give host and fragment of the same build", refusal(driver("2.0.0")));
    }

    @Test
    void shouldRefuseAHostInVersionsThatAreNone() throws Exception {
        var odd = JarMaker.fragment("1.0.0", JarMaker.DRIVER)
                .with("Fragment-Host", JarMaker.DRIVER + ";bundle-version=soon").write(jars.resolve("odd.jar"));

        assertEquals("mimir.driver.test.native names versions of its host that are none (Fragment-Host:"
                + " mimir.driver.test;bundle-version=soon); build it with bnd", refusal(odd));
    }

    @Test
    void shouldRefuseTwoFilesForOnePartAndOddHeaders() throws Exception {
        driver("1.1.0");
        JarMaker.driver("1.2.0", "left").write(jars.resolve("more.jar"));
        assertEquals(jars.resolve("driver.jar") + " and " + jars.resolve("more.jar")
                + " are both mimir.driver.test; leave one of them out", refusal(jars));

        var odd = driver("one");
        assertEquals(odd + " has the version 'one', which is none; build it with one like 1.2.3", refusal(odd));
        var old = JarMaker.driver("1.0.0", "left").with("Bundle-ManifestVersion", "1").write(jars.resolve("old.jar"));
        assertEquals(old + " has no Bundle-ManifestVersion 2; build it as a bundle", refusal(old));
    }

    @Test
    void shouldFindTheFileBehindALocation() throws Exception {
        var file = driver("1.0.0");
        var spaced = Files.copy(file, jars.resolve("with space.jar"));

        assertEquals(Optional.of(file), Location.file(file.toUri().toString()));
        assertEquals(Optional.of(file), Location.file("reference:" + file.toUri()));
        assertEquals(Optional.of(file), Location.file("file:" + file));
        assertEquals(Optional.of(spaced), Location.file(spaced.toUri().toString()));
        assertEquals(Optional.of(spaced), Location.file("file:" + spaced));
        assertEquals(Optional.empty(), Location.file("file:" + jars));
        assertEquals(Optional.empty(), Location.file("file:///nowhere.jar"));
        assertEquals(Optional.empty(), Location.file("given:" + file));
    }

    private Path driver(String version) throws IOException {
        return JarMaker.driver(version, "left").write(jars.resolve("driver.jar"));
    }

    private String refusal(Path file) {
        return assertThrows(BadInputException.class, () ->
                framework.swapper().swap(JarMaker.DRIVER, List.of(file))).getMessage();
    }

    private static int firstIndexOf(byte[] bytes, byte[] text) {
        for (int at = 0; at < bytes.length - text.length; at++) {
            if (Arrays.equals(bytes, at, at + text.length, text, 0, text.length)) {
                return at;
            }
        }
        throw new AssertionError("no such text");
    }
}
