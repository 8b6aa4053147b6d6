// SPDX-License-Identifier: Apache-2.0
package mimir.itests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The chain grey, corners, flow and motion energy on cameras, level and spectrum on sound, by commands of the shell
 * alone. With {@code -Dmimir.long=true} on the rig of six cameras and 192 kHz x 8 for a minute after the warm-up: no
 * result is missing, no stage allocates a byte an item. What each stage costs is printed.
 */
@Timeout(200)
class ChainTest {
    private static final boolean LONG = Boolean.getBoolean("mimir.long");
    private static final int LEAST_WARM_FRAMES = 3_000;
    private static final int FIRST_ITEMS = 3; // stages begin one after the other, and the first items find none ahead
    private static final String RIG = """
            {"schema":"mimir.rig","version":"1.0","name":"chain","reservoir":{"bytes":268435456},"devices":[
            {"driver":"mimir.driver.sim","id":"sim.camera.1","kind":"camera","scenario":{"seed":1,
            "mode":{"width":320,"height":240,"format":"YUYV"},"rateHz":30}},
            {"driver":"mimir.driver.sim","id":"sim.audio.1","kind":"audio","scenario":{"seed":2,
            "mode":{"channels":2,"blockFrames":64},"rateHz":48000}}]}
            """;

    @TempDir
    Path scratch;

    @Test
    void shouldMissNoResult() throws IOException {
        var rig = LONG ? "six-cameras" : Files.writeString(scratch.resolve("chain.json"), RIG).toString();
        var report = scratch.resolve("report.json");
        var mimir = Mimir.with(scratch, "run", "--rig", rig, "--for", LONG ? "95s" : "12s",
                "--at", "3s", "attach sim.camera.* flow", "--at", "4s", "attach sim.camera.* motion",
                "--at", "4s", "attach sim.audio.1 level", "--at", "5s", "attach sim.audio.1 spectrum",
                "--report", report.toString());
        if (LONG) {
            mimir.environment("MIMIR_JAVA_OPTS", "-Djava.io.tmpdir=" + scratch.resolve("tmp"));
        }
        mimir.start().await(Duration.ofSeconds(150)).exits(0);

        var stages = stages(report);
        stages.forEach(ChainTest::show);
        assertEquals(LONG ? 4 * 6 + 2 : 4 + 2, stages.size(), () -> names(stages));
        stages.forEach(LONG ? ChainTest::assertWarm : ChainTest::assertBegun);
    }

    private static List<Map<String, Object>> stages(Path report) throws IOException {
        return ((List<?>) JSON.std.mapFrom(Files.readString(report)).get("analysers")).stream()
                .map(stage -> ((Map<?, ?>) stage).entrySet().stream().filter(entry -> entry.getValue() != null)
                        .collect(Collectors.toMap(entry -> (String) entry.getKey(),
                                entry -> (Object) entry.getValue()))).toList();
    }

    private static String names(List<Map<String, Object>> stages) {
        return stages.stream().map(stage -> stage.get("sources") + " " + stage.get("name")).toList().toString();
    }

    private static void show(Map<String, Object> stage) {
        System.out.printf("%s %s: %s items, %s results, %s late, %s absent; warm: %s items, %s absent, %s B an item; "
                + "%s %% of a core%n", stage.get("sources"), stage.get("name"), stage.get("items"),
                stage.get("results"), stage.get("late"), stage.get("absent"), stage.get("warmItems"),
                stage.get("warmAbsent"), stage.get("allocatedBytesPerItem"), stage.get("cpuPercent"));
    }

    private static long number(Map<String, Object> stage, String field) {
        return ((Number) stage.get(field)).longValue();
    }

    private static void assertBegun(Map<String, Object> stage) {
        assertTrue(number(stage, "results") > 0, stage::toString);
        assertTrue(number(stage, "absent") <= FIRST_ITEMS, stage::toString);
        assertEquals(0, number(stage, "failures"), stage::toString);
    }

    private static void assertWarm(Map<String, Object> stage) {
        assertTrue(number(stage, "warmItems") >= LEAST_WARM_FRAMES, stage::toString);
        assertEquals(0, number(stage, "warmAbsent"), stage::toString);
        assertEquals(0.0, stage.get("allocatedBytesPerItem"), stage::toString);
    }
}
