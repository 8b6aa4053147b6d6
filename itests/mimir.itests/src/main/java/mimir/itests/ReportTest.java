// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mimir.api.report.Reporter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.test.common.annotation.InjectService;

/** The report of a short run of the reference load. */
@Timeout(60)
class ReportTest extends RingsTest {
    private static final String SIM = "mimir.driver.sim";

    @InjectService(timeout = 10_000)
    Reporter reporter;

    @Test
    void shouldTellThatNothingIsLostCopiedTwiceOrAllocated() throws Exception {
        var report = run();

        for (var source : list(report, "sources")) {
            if (source.get("id").toString().startsWith("report.")) {
                assertEquals("ended", source.get("state"), "the report waits for devices that are stopping");
                assertRate(source, number(report, "durationS"));
                assertReader(reader(source, "reservoir"), 1.0);
                assertAllOfIt(reader(source, "reservoir"));
                assertReader(reader(source, "watch"), 0.0);
                assertEquals(0.0, number(source, "bytesCopiedPerByteWritten"), "the device writes into the ring");
            }
        }
        for (var thread : list(report, "threads")) {
            if (Boolean.TRUE.equals(thread.get("media"))) {
                assertEquals(0.0, number(thread, "allocatedBytesPerItem"), thread::toString);
            }
        }
        var witness = list(report, "threads").stream().filter(thread ->
                thread.get("name").equals("watch-reader")).findFirst().orElseThrow();
        assertTrue(number(witness, "cpuPercent") < 1.0, "what the witness costs: " + witness);
        assertTrue(Stalls.stoodStillMs() > 0 || reporter.findings().stream().noneMatch(finding ->
                finding.contains("report.")), () -> reporter.findings().toString());
    }

    private Map<String, Object> run() throws IOException {
        Platform.load(rigs, Platform.rig(sixCamerasAndAudio()));
        for (int camera = 1; camera <= 6; camera++) { // on a busy machine the last one may begin later than the warm-up
            var id = "report.camera." + camera;
            Platform.await(() -> published(id) > 30, () -> id + " frames so far: " + published(id));
        }
        reporter.begin(Duration.ofSeconds(2));
        Platform.await(() -> published("report.audio") > 15_000, () -> "blocks so far: " + published("report.audio"));
        reporter.end();
        rigs.unload(Platform.PATIENCE);
        return JSON.std.mapFrom(reporter.json());
    }

    /** Half a percent, and what the first and the last item may be late by on a machine that does not run everybody. */
    private static void assertRate(Map<String, Object> source, double durationS) {
        double asked = number(source, "rateAskedHz");
        double most = 0.005 + 2 * Math.max(0, Stalls.longestS() - 0.02) / durationS;
        assertEquals(asked, number(source, "rateMeasuredHz"), asked * most, source::toString);
    }

    private static void assertAllOfIt(Map<String, Object> reservoir) {
        double excused = Stalls.stoodStillMs() > 0 ? number((Map<?, ?>) reservoir.get("dropped"), "overtaken") : 0;
        assertEquals(number(reservoir, "published"), number(reservoir, "delivered") + excused, reservoir::toString);
    }

    private static void assertReader(Map<String, Object> reader, double copied) {
        double torn = Stalls.stoodStillMs() > 0 ? 0 : number(reader, "torn");
        assertEquals(0.0, number(reader, "pending") + torn + number(reader, "checksumErrors"), reader::toString);
        assertEquals(copied, number(reader, "bytesCopiedPerByteDelivered"), reader::toString);
        assertTrue(number(reader, "delivered") > 5, reader::toString);
    }

    private static List<String> sixCamerasAndAudio() {
        var devices = new ArrayList<String>();
        for (int camera = 1; camera <= 6; camera++) {
            devices.add(Platform.camera(SIM, "report.camera." + camera, 640, 480, 60, ""));
        }
        devices.add(Platform.audio(SIM, "report.audio", 8, 192_000, ""));
        return devices;
    }

    private static Map<String, Object> reader(Map<String, Object> source, String name) {
        return list(source, "readers").stream().filter(reader -> reader.get("name").equals(name)).findFirst()
                .orElseThrow();
    }

    private static double number(Map<?, ?> tree, String name) {
        return ((Number) tree.get(name)).doubleValue();
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> list(Map<String, Object> tree, String name) {
        return (List<Map<String, Object>>) tree.get(name);
    }
}
