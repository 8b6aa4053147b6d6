// SPDX-License-Identifier: Apache-2.0
package mimir.swap.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import mimir.api.BadInputException;
import org.junit.jupiter.api.Test;

class NativeFitTest {
    private static final Here LINUX = new Here("Linux on x86-64", Set.of("linux"), Set.of("x86-64", "amd64"));
    private static final Here WINDOWS = new Here("Windows on x86-64", Set.of("win32", "windows11"), Set.of("x86-64"));
    private static final String CLAUSES = "linux/liblamp.so;osname=Linux;processor=x86-64,"
            + "windows/lamp.dll;osname=Win32;processor=x86-64,*";

    @Test
    void shouldTakeHostAndFragmentThatFitOnEverySystem() {
        check(LINUX, host("lamp_open, lamp_close"), fragment());
        check(WINDOWS, host("lamp_open,lamp_close"), fragment());
        check(LINUX, TestJar.bundle("lab.lamp")); // no native code at all
    }

    @Test
    void shouldRefuseAHostWithoutItsFragment() {
        assertEquals("h.jar calls native code, and no fragment with a library for Linux on x86-64 is there; give"
                + " lab.lamp.native as well", refusal(LINUX, host("lamp_open")));
    }

    @Test
    void shouldRefuseALibraryThatLacksWhatTheHostCalls() {
        assertEquals("the library of f.jar lacks lamp_glow, which h.jar calls; give host and fragment of the same"
                + " build", refusal(LINUX, host("lamp_open,lamp_glow"), fragment()));
        assertEquals("the library of f.jar lacks lamp_glow and 1 more, which h.jar calls; give host and fragment of the"
                + " same build", refusal(LINUX, host("lamp_glow,malloc"), fragment()), "what it only uses it lacks");
    }

    @Test
    void shouldRefuseWhatIsForAnotherMachine() {
        assertEquals("f.jar has no library for Linux on x86-64; build it for this machine", refusal(LINUX,
                host("lamp_open"), TestJar.bundle("lab.lamp.native").with("Fragment-Host", "lab.lamp")
                .with("Bundle-NativeCode", "arm/liblamp.so;osname=Linux;processor=aarch64,*")));
        assertEquals("linux/liblamp.so in f.jar is no shared library for this machine; build it for Linux on x86-64",
                refusal(LINUX, host("lamp_open"), fragment().entry("linux/liblamp.so", TestLibrary.pe("lamp_open"))));
        assertEquals("f.jar says that it has linux/liblamp.so, but has not; build it again", refusal(LINUX,
                host("lamp_open"), TestJar.bundle("lab.lamp.native").with("Fragment-Host", "lab.lamp")
                .with("Bundle-NativeCode", CLAUSES)));
        assertEquals("linux/liblamp.so in f.jar is cut off or damaged; build it for Linux on x86-64", refusal(LINUX,
                host("lamp_open"), fragment().entry("linux/liblamp.so", Arrays.copyOf(TestLibrary.elf("a"), 130))));
    }

    @Test
    void shouldReadALibraryThatALinkerMade() throws Exception {
        var file = Path.of(System.getProperty("java.home"), "lib", "libzip.so");

        assertTrue(LibrarySymbols.of(Files.readAllBytes(file), LINUX).contains("ZIP_CRC32"));
    }

    @Test
    void shouldComeToAnEndWhateverIsDamaged() {
        var random = new Random(1);
        for (var library : new byte[][] {TestLibrary.elf("lamp_open"), TestLibrary.pe("lamp_open")}) {
            for (int run = 0; run < 20_000; run++) {
                var damaged = library.clone();
                for (int i = random.nextInt(6); i >= 0; i--) {
                    damaged[random.nextInt(1_200)] = (byte) random.nextInt();
                }
                try {
                    LibrarySymbols.of(damaged, library[0] == 0x7f ? LINUX : WINDOWS);
                } catch (Unsound refused) {
                    assertTrue(refused.getMessage().startsWith("is "), refused.getMessage());
                }
            }
        }
    }

    private static TestJar host(String symbols) {
        return TestJar.bundle("lab.lamp").with(NativeFit.SYMBOLS, symbols);
    }

    private static TestJar fragment() {
        return TestJar.bundle("lab.lamp.native").with("Fragment-Host", "lab.lamp").with("Bundle-NativeCode", CLAUSES)
                .entry("linux/liblamp.so", TestLibrary.elf("lamp_open", "lamp_close", "!malloc"))
                .entry("windows/lamp.dll", TestLibrary.pe("lamp_close", "lamp_open"));
    }

    private static void check(Here here, TestJar host, TestJar... fragments) {
        var part = Part.of(host.jar("h.jar"));
        new NativeFit(here).check(part, Stream.concat(Stream.of(part), Arrays.stream(fragments).map(fragment ->
                Part.of(fragment.jar("f.jar")))).toList());
    }

    private static String refusal(Here here, TestJar host, TestJar... fragments) {
        return assertThrows(BadInputException.class, () -> check(here, host, fragments)).getMessage();
    }
}
