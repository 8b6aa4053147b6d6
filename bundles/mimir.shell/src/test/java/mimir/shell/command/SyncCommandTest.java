// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.jr.ob.JSON;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import mimir.api.BadInputException;
import mimir.api.sync.RecordedClock;
import mimir.api.sync.RecordedClocks;
import mimir.api.sync.SyncReport;
import mimir.api.sync.SyncReports;
import mimir.api.sync.TruthReport;
import mimir.api.sync.TruthReports;
import mimir.api.time.ClockMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One device with a truth and a step, and one without a truth. */
class SyncCommandTest {
    private static final double DRIFT_PPM = 12.5;
    private static final long SECOND = 1_000_000_000;

    @TempDir
    Path folder;
    private final Services services = new FakeServices(new Clocks(), new Truth(), new Recorded());
    private final SyncCommand command = new SyncCommand(services);

    private static SyncReport report(String id, int atS, int segment) {
        long atNs = 100 * SECOND + atS * SECOND;
        long offsetNs = 7_000_000_000L + Math.round(DRIFT_PPM * 1e3 * atS) + segment * 50_000_000L;
        var map = new ClockMap(id, 1, segment, atNs - offsetNs, atNs, 1 + DRIFT_PPM * 1e-6, 40_000 / (atS + 1),
                "test-1");
        return new SyncReport(map, atNs, offsetNs, DRIFT_PPM, 900, 4_000_000, new SyncReport.Residuals(atS, -1_000,
                5_000, 90_000), 60L * atS, 0.95, "arrivals");
    }

    private static final class Clocks implements SyncReports {
        @Override
        public List<SyncReport> reports() {
            return List.of(report("a<b", 9, 1), report("mic", 9, 0));
        }

        @Override
        public List<SyncReport> history(String source) {
            var reports = new ArrayList<SyncReport>();
            for (int atS = 0; atS < 10; atS++) {
                reports.add(report(source, atS, source.equals("mic") || atS < 5 ? 0 : 1));
            }
            return reports;
        }
    }

    private static final class Recorded implements RecordedClocks {
        @Override
        public List<RecordedClock> read(Path file) {
            assertThat(file).hasFileName("session.xdf");
            return List.of(new RecordedClock(1, "eeg", "EEG", 8, 500, 90, 2, List.of(
                    new RecordedClock.Piece(5, 65, 13, -0.1, 12.5, 20e-6, -0.1001, 3e-6),
                    new RecordedClock.Piece(70, 70, 1, 7, 0, Double.NaN, 7, 0)),
                    List.of(new RecordedClock.Reset(64.9, 77, 7.1))),
                    new RecordedClock(2, "marks", "Markers", 1, 0, 3, 0, List.of(), List.of()));
        }
    }

    @Test
    void shouldShowTheClocksOfARecording() throws Exception {
        var text = answer("--xdf", "session.xdf").text();

        assertThat(text.lines()).hasSize(6);
        assertThat(text).contains("eeg").contains("-0.100000").contains("20.0").contains("marks")
                .contains("eeg was reset between 64.900 and 77.000 s of the recorder's clock: it jumped by 7.100000 s")
                .endsWith("eeg: 2 measurements that those before and after contradict were left out");
        var json = JSON.std.listFrom(answer("--xdf", "session.xdf", "--json").text());
        assertThat(json).hasSize(2);
        assertThat(json.getFirst().toString()).contains("nominalHz=500").contains("uncertaintyS=null")
                .contains("resets=[{afterS=64.9, beforeS=77.0, jumpS=7.1}]");
        assertThatThrownBy(() -> answer("mic", "--xdf", "session.xdf")).isInstanceOf(BadInputException.class)
                .hasMessage("sync --xdf FILE shows a recording as a whole; leave the other words out");
    }

    private static final class Truth implements TruthReports {
        @Override
        public List<TruthReport> truths() {
            return List.of(new TruthReport("a<b", 8_674_000, 450, 0.968, -1_500, 3_000, 4_000, 5_000, "is off"));
        }

        @Override
        public List<TruthReport.Look> looks(String source) {
            return source.equals("mic") ? List.of() : List.of(
                    new TruthReport.Look(102 * SECOND + SECOND / 2, 1, 0, 2_000, 4_000),
                    new TruthReport.Look(108 * SECOND, 1, 1, -1_000, 4_000),
                    new TruthReport.Look(108 * SECOND, 7, 1, -1_000, 4_000));
        }
    }

    private Answer answer(String... words) {
        return command.run(command.syntax().parse(List.of(words)), line -> { });
    }

    @Test
    void shouldTellPeopleInMicrosecondsAndProgramsInNanoseconds() throws Exception {
        var lines = answer().text().lines().toList();
        assertThat(lines).hasSize(4);
        assertThat(lines.get(1)).matches("a<b +1 +1 +7\\.050113 +12\\.500 +4\\.0 +5\\.0 +4000 +test-1 +arrivals +540"
                + " +-1\\.5 +3\\.0 +96\\.8 +8674\\.0");
        assertThat(lines.get(2)).matches("mic .* 540( +-){4}");
        assertThat(lines.get(3)).isEqualTo("a<b is off");

        var values = JSON.std.listFrom(answer("--json").text());
        assertThat(values).hasSize(2);
        assertThat((Map<?, ?>) values.getFirst()).hasSize(23).isEqualTo(JSON.std.mapFrom("""
                {"source":"a<b","epoch":1,"segment":1,"atNs":109000000000,"offsetNs":7050112500,"driftPpm":12.5,
                "uncertaintyNs":4000,"confidence":0.95,"residualItems":9,"residualLeastNs":-1000,"residualMeanNs":5000,
                "residualMostNs":90000,"noiseNs":900.0,"gridNs":4000000.0,"model":"test-1","evidence":"arrivals",
                "observations":540,"truthErrorNs":-1500,"truthErrorP95Ns":3000,"truthInsideShare":0.968,
                "truthSamples":450,"truthDelayNs":8674000,"alarm":"is off"}"""));
        var last = (Map<?, ?>) JSON.std.listFrom(answer("mic", "--json", "--history").text()).getFirst();
        assertThat((List<?>) last.get("history")).hasSize(10);
        assertThat(last.get("truthErrorNs")).isNull();
    }

    @Test
    void shouldDrawWhatItTells() throws Exception {
        var file = folder.resolve("clocks.svg");
        assertThat(answer("--plot", file.toString()).text()).endsWith("Plot in " + file);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        assertThat(folder.toFile().list()).containsExactly("clocks.svg");
        var builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
        var svg = builder.parse(file.toFile()).getDocumentElement();
        assertThat(svg.getTagName()).isEqualTo("svg");
        assertThat(svg.getElementsByTagName("g").getLength()).as("panels").isEqualTo(2);
        assertThat(svg.getElementsByTagName("polyline").getLength()).as("two curves a segment").isEqualTo(6);
        assertThat(svg.getTextContent()).contains("a<b: drift 12.500 ppm, stated 4.0 us, test-1", "epoch 1, segment 1",
                "truth inside in 96.8 % of 450 looks, error p95 3.0 us, constant delay 8674.0 us");
        var text = Files.readString(file);
        var dots = Pattern.compile("M[\\d.]+ [\\d.]+h0").matcher(text).results().count();
        assertThat(dots).as("looks of segments that are there").isEqualTo(2);
        assertThat(text).doesNotContain("NaN", "Infinity");
    }

    /** A constant drift is a level line, the truth lies where the map is less its error. */
    @Test
    void shouldTakeTheRateOffWithinASegment() {
        var panel = new SyncPanel("a<b", new Clocks().history("a<b"), null, new Truth().looks("a<b"));

        assertThat(panel.marks()).extracting(SyncPanel.Mark::offsetUs).allSatisfy(us ->
                assertThat(us).isBetween(-1e-2, 1e-2));
        assertThat(panel.truths()).extracting(SyncPanel.Point::us).satisfiesExactly(
                us -> assertThat(us).isBetween(-2.01, -1.99), us -> assertThat(us).isBetween(0.99, 1.01));
    }

    @Test
    void shouldRefuseWhatItCannotDoAndLeaveNothing() {
        var none = new SyncCommand(new FakeServices());
        assertThatThrownBy(() -> none.run(none.syntax().parse(List.of()), line -> { }))
                .hasMessageStartingWith("mimir.sync does not run");
        assertThatThrownBy(() -> answer("nobody")).isInstanceOf(BadInputException.class)
                .hasMessage("the clock of 'nobody' is not known; there are a<b and mic");
        assertThatThrownBy(() -> answer("--plot", folder + "/p.png")).isInstanceOf(BadInputException.class)
                .hasMessage("sync --plot writes SVG; name a file that ends with .svg, not '" + folder + "/p.png'");
        assertThatThrownBy(() -> answer("--plot", folder + "/no/p.svg")).isInstanceOf(BadInputException.class)
                .hasMessageContaining("is not a folder; make it first");
        assertThatThrownBy(() -> answer("--history")).isInstanceOf(BadInputException.class)
                .hasMessageContaining("add --json");
        assertThat(folder).isEmptyDirectory();
    }
}
