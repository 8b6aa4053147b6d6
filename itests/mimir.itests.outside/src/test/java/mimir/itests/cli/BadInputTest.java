// SPDX-License-Identifier: Apache-2.0
package mimir.itests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Bad input gives one sentence that says what to do, the right exit code of the process, and nothing half-written. Here
 * is one of each way out; all cases are tried in the framework, where none costs a start.
 */
@Execution(ExecutionMode.CONCURRENT)
class BadInputTest {
    @TempDir
    Path scratch;

    @Test
    void shouldEndWithTheCodeForUsage() {
        Mimir.with(scratch, "run", "--rig", "tiny", "--for", "soon").run().exits(2).says("soon").leavesNothing();
    }

    @Test
    void shouldRefuseABadRigAndWriteNothing() throws IOException {
        var file = Files.writeString(scratch.resolve("bad.json"), """
                {"schema":"mimir.rig","version":"1.0","name":"x","devices":[{"driver":"mimir.driver.sim","id":"cam",
                "kind":"camera","scenario":{"seed":1,"rateHz":30,"mode":{"width":63,"height":48,"format":"YUYV"}}}]}
                """);
        var report = scratch.resolve("r.json");

        Mimir.with(scratch, "run", "--rig", file.toString(), "--for", "1s", "--report", report.toString())
                .run().exits(2).says("width").leavesNothing();
        assertFalse(Files.exists(report));
    }

    @Test
    void shouldRefuseADriverThatIsNotThere() {
        Mimir.with(scratch, "tck", "nowhere.jar").run().exits(2).says("nowhere.jar").leavesNothing();
    }

    /** Before it installs or builds anything. */
    @Test
    void shouldEndTheWholeCheckWithOneSentenceWhereThereIsNoJdk() throws Exception {
        var check = new ProcessBuilder("bash", Mimir.ROOT.resolve(".ci/run").toString()).redirectErrorStream(true);
        check.environment().put("MIMIR_JAVA_HOME", "/nonexistent");

        var process = check.start();
        assertEquals("MIMIR_JAVA_HOME (/nonexistent) is no JDK 25 or newer: point it at one or unset it.",
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());
        assertEquals(1, process.waitFor());
    }

    @Test
    void shouldNameTheJdkThatItNeeds() {
        Mimir.with(scratch, "run", "--rig", "tiny", "--for", "1s").environment("MIMIR_JAVA_HOME", "/nonexistent").run()
                .exits(1).says("MIMIR_JAVA_HOME");
    }
}
