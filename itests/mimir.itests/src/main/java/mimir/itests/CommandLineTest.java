// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.test.common.annotation.InjectBundleContext;

/**
 * Command lines on the whole platform, as the launcher would hand them over: bad input gives one sentence that says
 * what to do, the right code, and nothing half-written. That the process ends with that code is tested from outside.
 */
class CommandLineTest extends RingsTest {
    @InjectBundleContext
    BundleContext context;
    @TempDir
    Path scratch;

    /** What a command line came to. */
    private record Ended(int code, String said) {
    }

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
    void shouldRefuseInOneSentence(String words, String part) throws Exception {
        assertRefused(end(words.strip().split(" +")), part);
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
    void shouldRefuseABadRigAndConfigureNothing(String rig, String part) throws Exception {
        var text = rig.strip().replace("DEVICE", Platform.camera("mimir.driver.sim", "cam", 64, 48, 30, ""))
                .replace("ODD", Platform.camera("mimir.driver.sim", "cam", 63, 48, 30, ""));
        var file = Files.writeString(scratch.resolve("bad.json"), text);
        var report = scratch.resolve("r.json");

        assertRefused(end("run", "--rig", file.toString(), "--for", "1s", "--report", report.toString()), part);
        assertFalse(Files.exists(report));
        assertEquals(0, published("cam"));
    }

    @Test
    void shouldPassOnTheStatusOfAFailedCommand() throws Exception {
        assertRefused(end("exec", "--rig", "tiny", "mimir:swap no.such.driver"), "no.such.driver");
        assertRefused(end("exec", "--rig", "tiny", "mimir:swap mimir.driver.sim nowhere.jar"), "nowhere.jar");
        assertRefused(end("exec", "--rig", "tiny", "mimir:juggle"), "juggle");
        assertRefused(end("exec", "--rig", "tiny", "which 99999 x"), "felix:help which");
        assertEquals(new Ended(0, ""), end("exec", "--rig", "tiny", "which mimir.shell java.lang.String"));
        assertEquals(new Ended(7, ""), end("exec", "exit 7; rigs"));
    }

    private static void assertRefused(Ended ended, String part) {
        assertEquals(2, ended.code(), ended::said);
        assertTrue(ended.said().contains(part), ended::said);
        assertEquals(1, ended.said().lines().count(), ended::said);
    }

    private Ended end(String... arguments) throws Exception {
        var code = new CompletableFuture<Integer>();
        var file = scratch.resolve("error.txt");
        try (var error = new StandardError(file)) {
            var told = properties("launcher.arguments", arguments);
            told.put("launcher.ready", true);
            told.put(Constants.SERVICE_RANKING, Integer.MAX_VALUE); // the launcher of the tests tells its own
            var launcher = context.registerService(Object.class, new Object(), told);
            IntConsumer exit = code::complete;
            var exits = context.registerService(IntConsumer.class, exit, properties("mimir.exit", true));
            try {
                int ended = code.get(Platform.PATIENCE.toSeconds(), TimeUnit.SECONDS);
                return new Ended(ended, error.text());
            } finally {
                exits.unregister();
                launcher.unregister();
            }
        }
    }

    private static Hashtable<String, Object> properties(String name, Object value) {
        return new Hashtable<>(Map.of(name, value));
    }
}
