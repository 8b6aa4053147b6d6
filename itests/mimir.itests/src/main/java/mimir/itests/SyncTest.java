// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import mimir.api.report.Reporter;
import mimir.api.sync.SyncReport;
import mimir.api.sync.SyncReports;
import mimir.api.sync.TruthReports;
import mimir.api.time.ClockMaps;
import mimir.api.time.TruthSource;
import org.apache.felix.service.command.CommandProcessor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;

/** Clock maps in the platform, and what they are worth. */
@Timeout(60)
class SyncTest extends RingsTest {
    private static final String SIM = "mimir.driver.sim";
    private static final int CHUNK = 250;
    private static final int CHUNKS = 40;
    private static final int LOOKS = 10;

    @InjectBundleContext
    BundleContext context;
    @InjectService(timeout = 10_000)
    ClockMaps maps;
    @InjectService(timeout = 10_000)
    SyncReports reports;
    @InjectService(timeout = 10_000)
    TruthReports truths;
    @InjectService(timeout = 10_000)
    Reporter reporter;
    @InjectService(timeout = 10_000)
    CommandProcessor processor;

    @Test
    void shouldMapEveryClockAndTellHowWrongThatIs(@TempDir Path folder) throws IOException {
        Platform.load(rigs, Platform.rig(List.of(
                Platform.camera(SIM, "sync.camera", 320, 240, 60, ",\"batchMs\":4,\"clock\":{\"driftPpm\":40}"),
                Platform.audio(SIM, "sync.audio", 2, 48_000, ",\"clock\":{\"driftPpm\":-25}"))));
        for (var id : List.of("sync.camera", "sync.audio")) {
            Platform.await(() -> truths.looks(id).size() > LOOKS && truths.looks(id).getLast().inside(),
                    () -> id + ": " + truths.truths() + " " + reports.reports());
            assertThat(maps.of(id).uncertaintyNs()).isPositive();
            assertThat(reports.history(id)).isNotEmpty().last().extracting(SyncReport::observations)
                    .matches(items -> (long) items > 50);
        }
        var delay = truths.truths().stream().filter(truth -> truth.source().equals("sync.camera")).findFirst();
        assertThat(delay.orElseThrow().delayNs()).as("half a period and more").isGreaterThan(8_000_000);

        var prompt = new Prompt(processor);
        assertThat(prompt.run("sync sync.audio")).contains("sync.audio", "lower-edge").doesNotContain("sync.camera");
        var plot = folder.resolve("p.svg");
        assertThat(prompt.run("sync --plot " + plot)).contains("Plot in " + plot);
        assertThat(Files.readString(plot)).startsWith("<svg ").endsWith("</svg>\n")
                .contains("sync.camera", "class=\"u\"");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(plot))).isEqualTo("rw-------");

        rigs.unload(Platform.PATIENCE);
        assertClockInReport();
    }

    private void assertClockInReport() throws IOException {
        var sources = (List<?>) JSON.std.mapFrom(reporter.json()).get("sources");
        var camera = (Map<?, ?>) sources.stream().filter(source -> ((Map<?, ?>) source).get("id").equals("sync.camera"))
                .findFirst().orElseThrow();
        var clock = (Map<?, ?>) camera.get("clock");
        assertThat(clock.get("truthErrorNs")).isInstanceOf(Number.class);
        assertThat((Map<?, ?>) clock.get("truth")).extracting("samples").isInstanceOf(Number.class);
    }

    /** Two devices that send the same; the truth of one of them is told. */
    @Test
    void shouldFindTheSameWhetherTheTruthIsToldOrNot() {
        try (var told = new MadeUpDevice(rings, "sync.told"); var untold = new MadeUpDevice(rings, "sync.untold")) {
            var registrations = List.of(context.registerService(TruthSource.class, told.truth(), told.properties()),
                    told.register(context), untold.register(context));
            for (int chunk = 0; chunk < CHUNKS; chunk++) {
                told.publish(CHUNK);
                untold.publish(CHUNK);
                Platform.await(() -> told.isRead("sync") && untold.isRead("sync"), () -> "sync does not read");
            }
            Platform.await(() -> !truths.looks("sync.told").isEmpty(), () -> "nobody compares with the truth");
            registrations.forEach(registration -> registration.unregister());
        }
        assertThat(truths.looks("sync.untold")).isEmpty();
        var one = byItems("sync.told");
        var other = byItems("sync.untold");
        one.keySet().retainAll(other.keySet()); // on a busy machine a report may be overwritten before it is told of
        other.keySet().retainAll(one.keySet());
        assertThat(one).hasSizeGreaterThan(10).isEqualTo(other);
    }

    /** Every bit of each report: a double is written so that it can be read again. */
    private Map<Long, String> byItems(String id) {
        Function<SyncReport, String> unnamed = report -> report.toString().replace(id, "");
        return reports.history(id).stream().collect(Collectors.toMap(SyncReport::observations, unnamed));
    }
}
