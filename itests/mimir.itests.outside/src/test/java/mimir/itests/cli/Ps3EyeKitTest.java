// SPDX-License-Identifier: Apache-2.0
package mimir.itests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.jr.ob.JSON;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The driver of the PS3 Eye passes the conformance kit with its twin; it has no clock that could step. */
@Tag("thorough")
@Timeout(400)
class Ps3EyeKitTest {
    private static final Duration PATIENCE = Duration.ofSeconds(360);

    @TempDir
    Path scratch;

    @Test
    void shouldPassTheKitWithItsTwin() throws Exception {
        Twins.assumeInstalled();
        var bundles = Mimir.ROOT.resolve("run-configs/target/mimir/bundles");
        var report = scratch.resolve("tck.json");
        var mimir = Mimir.with(scratch, "tck", "--twin", Twins.LIBRARY + ":" + Twins.PRELOAD,
                jar(bundles, "mimir.driver.ps3eye-"), jar(bundles, "mimir.driver.ps3eye.native-"),
                "--json", report.toString()).asShipped().start().await(PATIENCE);
        System.out.println(mimir.out());

        mimir.exits(0);
        var outcomes = ((List<?>) JSON.std.mapFrom(Files.readString(report)).get("checks")).stream()
                .map(one -> (Map<?, ?>) one)
                .collect(Collectors.groupingBy(one -> (String) one.get("outcome"), Collectors.counting()));
        assertEquals(Map.of("passed", 10L, "inapplicable", 1L), outcomes, mimir::out);
    }

    private static String jar(Path folder, String prefix) throws Exception {
        try (var files = Files.list(folder)) {
            return files.map(Path::toString).filter(name -> name.contains("/" + prefix)).findFirst().orElseThrow();
        }
    }
}
