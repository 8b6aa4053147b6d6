// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import mimir.api.BadInputException;
import org.apache.felix.service.command.CommandProcessor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.BundleContext;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;

/** The kit for drivers: a sound one passes, and each planted fault is caught by the check of its name. */
@Timeout(90)
class DriverKitTest extends RingsTest {
    private static final String PLANTED = "mimir.tck.planted";

    @InjectService(timeout = 10_000)
    CommandProcessor gogo;
    @InjectBundleContext
    BundleContext context;
    @TempDir
    Path folder;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @Test
    void shouldPassASoundDriver() throws Exception {
        var report = folder.resolve("tck.json");
        var page = folder.resolve("tck.md");
        tck(PLANTED, "--count", "1", "--json", report.toString(), "--page", page.toString());

        var json = Files.readString(report);
        assertTrue(json.contains("\"passed\" : true"), json);
        assertEquals(11, json.split("\"outcome\" : \"passed\"", -1).length - 1, json);
        assertTrue(Files.readString(page).startsWith("# mimir.tck.planted 0.1.0"), () -> said.toString());
    }

    @Test
    void shouldPassTheSimulatedDriver() throws Exception {
        tck("mimir.driver.sim", "--only", "truth,conservation,unplug,clock");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            epochs       | epochs       | open none but for a break
            modes        | modes        | is 64x8 of format 1 in 1024 bytes
            accepts      | modes        | is accepted; check entries as a whole in plan
            truth        | truth        | stamp CLOCK_MONOTONIC_RAW when it arrives
            times        | truth        | give the raw time of the device
            conservation | conservation | says that 0 are missing between them
            readers      | readers      | while readers stood still; claim and commit without waiting
            unplug       | unplug       | in the same epoch; call mimir_ring_epoch
            clock        | clock        | never a corrected one
            control      | control      | has a wrong checksum
            swap         | swap         | the device is occupied; pull its plug
            leaks        | leaks        | each swap leaves +1.0 descriptors
            hang         | hang         | neither ended nor parked
            """)
    void shouldCatch(String fault, String check, String sentence) throws Exception {
        var rig = Files.writeString(folder.resolve("rig.json"), kitFile().replace("\"id\": \"planted.",
                "\"fault\": \"" + fault + "\", \"id\": \"planted." + fault + "."));
        var failed = assertThrows(IllegalStateException.class, () -> tck(PLANTED, "--rig", rig.toString(), "--only",
                check, "--count", "2", "--stop-within", fault.equals("hang") ? "0.4" : "10"));

        assertTrue(failed.getMessage().contains(" does not conform: 1 of 1 checks did not pass (" + check + ")"),
                failed.getMessage());
        assertTrue(said.toString().contains(sentence), said::toString);
    }

    @Test
    void shouldLookWhetherADeviceHasNoClock() throws Exception {
        var rig = Files.writeString(folder.resolve("rig.json"), kitFile().replaceAll("\"stepped\": .*",
                "\"stepped\": {\"none\": \"it is a toy\"},"));
        assertThrows(IllegalStateException.class, () -> tck(PLANTED, "--rig", rig.toString(), "--only", "clock"));

        assertTrue(said.toString().contains("has a device time, and the kit file says that its devices tell none"),
                said::toString);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            tck                                        | tck needs the jars of a driver
            tck nowhere.jar                            | nowhere.jar is neither a file
            tck mimir.driver.sim --only juggling       | there is no check 'juggling'
            tck mimir.driver.sim --count few           | --count needs a number
            tck mimir.driver.sim --rig nowhere.json    | nowhere.json cannot be read
            tck mimir.driver.sim --json /no/such/file  | /no/such/file cannot be written
            tck mimir.driver.sim --twin libx.so        | --twin is for ./mimir tck alone
            tck mimir.driver.sim --sideways            | tck does not know --sideways
            """)
    void shouldRefuseInOneSentence(String line, String part) {
        var refused = assertThrows(BadInputException.class, () -> tck(line.substring(3).strip().split(" +")));
        assertTrue(refused.getMessage().startsWith(part) && refused.getMessage().lines().count() == 1,
                refused.getMessage());
    }

    private void tck(String... words) throws Exception {
        var out = new PrintStream(said, true, StandardCharsets.UTF_8);
        try (var session = gogo.createSession(InputStream.nullInputStream(), out, out)) {
            session.execute("mimir:tck " + String.join(" ", words));
        } catch (IllegalStateException failed) {
            throw new IllegalStateException(failed.getMessage() + "\n" + said, failed);
        }
    }

    private String kitFile() throws IOException {
        var planted = Arrays.stream(context.getBundles()).filter(one -> PLANTED.equals(one.getSymbolicName()))
                .findFirst().orElseThrow();
        try (var text = planted.getEntry("META-INF/mimir/tck.json").openStream()) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
