// SPDX-License-Identifier: Apache-2.0
package mimir.itests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bad input gives one sentence that says what to do, the right exit code, and nothing half-written. */
@Execution(ExecutionMode.CONCURRENT)
class BadInputTest {
    @TempDir
    Path scratch;

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            run --rig nowhere --for 1s                          | nowhere
            run --rig tiny --for -3s                            | -3s
            run --rig tiny --for soon                           | soon
            run --rig tiny --sideways                           | --sideways
            run --for                                           | --for
            juggle                                              | juggle
            run --rig recorded --for 1s                         | --data
            run --rig recorded --data ./not-there --for 1s      | not-there
            run --rig tiny --for 1s --report ./no/such/r.json   | no/such
            """)
    void shouldRefuseInOneSentence(String arguments, String part) {
        Mimir.with(scratch, arguments.strip().split(" +")).run().exits(2).says(part).leavesNothing();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            {"schema":"mimir.rig"                                                                  | line
            {"schema":"mimir.rig","version":"1.0","name":"x","devices":[],"colour":1}              | colour
            {"schema":"mimir.rig","version":"1.0","name":"x","devices":[{"driver":"no.such","id":"a"}]} | no.such
            {"schema":"mimir.rig","version":"9.0","name":"x","devices":[]}                         | 9.0
            {"schema":"mimir.rig","version":"1.0","name":"x","devices":[DEVICE,DEVICE]}            | cam
            {"schema":"mimir.rig","version":"1.0","name":"x","devices":[ODD]}                      | width
            """)
    void shouldRefuseABadRigAndConfigureNothing(String rig, String part) throws IOException {
        var device = """
                {"driver":"mimir.driver.sim","id":"cam","kind":"camera","scenario":{"seed":1,"rateHz":30,
                "mode":{"width":WIDTH,"height":48,"format":"YUYV"}}}""";
        var text = rig.strip().replace("DEVICE", device.replace("WIDTH", "64")).replace("ODD",
                device.replace("WIDTH", "63"));
        var file = Files.writeString(scratch.resolve("bad.json"), text);

        Mimir.with(scratch, "run", "--rig", file.toString(), "--for", "1s", "--report",
                scratch.resolve("r.json").toString())
                .run().exits(2).says(part).leavesNothing();
        assertFalse(Files.exists(scratch.resolve("r.json")));
    }

    @Test
    void shouldPassOnTheStatusOfAFailedCommand() {
        Mimir.with(scratch, "exec", "--rig", "tiny", "mimir:swap no.such.driver").run().exits(2).says("no.such.driver");
        Mimir.with(scratch, "exec", "--rig", "tiny", "mimir:juggle").run().says("juggle");
        assertEquals("", Mimir.with(scratch, "exec", "--rig", "tiny", "nonsense").run().out());
    }

    @Test
    void shouldNameTheJdkThatItNeeds() {
        Mimir.with(scratch, "run", "--rig", "tiny", "--for", "1s").environment("MIMIR_JAVA_HOME", "/nonexistent").run()
                .exits(1).says("MIMIR_JAVA_HOME");
    }
}
