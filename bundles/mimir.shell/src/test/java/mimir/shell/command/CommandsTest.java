// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import mimir.api.BadInputException;
import mimir.api.reservoir.Missing;
import mimir.api.rig.Devices;
import mimir.api.rig.Devices.State;
import mimir.api.rig.Rigs;
import mimir.api.source.DeviceIdentity;
import mimir.api.swap.Swapped.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads: confined. */
class CommandsTest {
    private final List<String> progress = new ArrayList<>();

    @ParameterizedTest
    @CsvSource({"rings,mimir.ring", "reservoir,mimir.reservoir", "threads,mimir.engine", "rigs,mimir.engine",
        "report,mimir.watch", "analysers,mimir.engine", "attach c a,mimir.engine", "results c,mimir.engine",
        "types,mimir.engine", "alias,mimir.engine", "start c,mimir.engine", "stop c,mimir.engine",
        "set c,mimir.engine", "rig save r.json,mimir.engine", "levels,mimir.watch", "snapshot c f.png,mimir.recording",
        "swap x,mimir.swap", "swaps,mimir.swap", "restart c,mimir.swap", "export --last 1s --to d,mimir.recording",
        "export --cancel,mimir.recording", "window,mimir.reservoir", "window open --pre 1s,mimir.reservoir",
        "window on c --pre 1s,mimir.recording"})
    void shouldSayWhichBundleIsAbsent(String line, String bundle) {
        assertThatThrownBy(() -> run(new FakeServices(), line)).isInstanceOf(IllegalStateException.class).hasMessage(
                bundle + " does not run: 'lb " + bundle + "' shows its state, and warnings above say why");
    }

    @Test
    void shouldSayThatThereIsNoSource() {
        assertThat(run(new FakeServices(), "sources").text()).isEqualTo("No source is published.");
        assertThat(run(new FakeServices(), "sources --json").text()).isEqualToIgnoringWhitespace(
                "{\"sources\":[],\"faults\":[],\"away\":[]}");
    }

    @Test
    void shouldListTheDevicesBeforeASwapAndTheGapsAfterIt() {
        var swapper = new FakeSwapper(Outcome.SWAPPED);

        var answer = run(new FakeServices(swapper), "swap mimir.driver.sim a.jar b.jar");

        assertThat(progress).containsExactly("Stops for a moment: cam.1, cam.2");
        assertThat(swapper.files).containsExactly(Path.of("a.jar"), Path.of("b.jar"));
        assertThat(answer.failure()).isNull();
        assertThat(answer.text()).isEqualTo("""
                mimir.driver.sim: swapped, refreshed mimir.driver.sim and mimir.driver.sim.native
                SOURCE  GAP ms  EPOCH BEFORE  AFTER
                cam.1     1.50             1      2""");
    }

    @Test
    void shouldNotSayThatDevicesStopBeforeTheSwapIsSure() {
        assertThatThrownBy(() -> run(new FakeServices(new FakeSwapper(Outcome.SWAPPED)), "swap nobody"))
                .isInstanceOf(BadInputException.class).hasMessage("no driver nobody");
        assertThat(progress).isEmpty();
    }

    @Test
    void shouldNameAnalysersAndStagesOfASwap() {
        var services = new FakeServices(new FakeSwapper(Outcome.SWAPPED));

        assertThat(run(services, "swap mimir.analysis").text()).startsWith("mimir.analysis: swapped, refreshed "
                + "mimir.analysis and mimir.analysis.native\nStages at work again: flow of cam.1; grey of cam.1\n");
        assertThat(progress).containsExactly("No device stops.", "Analysers that go and come back: flow, grey",
                "Stages that stop for a moment: flow of cam.1; grey of cam.1");
        assertThat(run(services, "swap mimir.analysis --json").text()).contains(
                "\"stages\" : [ \"flow of cam.1\", \"grey of cam.1\" ]");
    }

    @Test
    void shouldFailWithTheReasonOfARollBack() {
        var answer = run(new FakeServices(new FakeSwapper(Outcome.ROLLED_BACK)), "swap mimir.driver.sim --json");

        assertThat(answer.failure()).isEqualTo("the new library is broken");
        assertThat(answer.text()).contains("\"outcome\" : \"rolled-back\"", "\"gapNs\" : 1500000");
    }

    @Test
    void shouldTellThePlanOfASwapAndMakeNone() {
        var swapper = new FakeSwapper(Outcome.SWAPPED);

        assertThat(run(new FakeServices(swapper), "swap --dry-run mimir.driver.sim a.jar").text()).isEqualTo("""
                Stops for a moment: cam.1, cam.2
                PART              VERSION  SHA-256       NEW VERSION  NEW SHA-256
                mimir.driver.sim  1.0.0    aaaaaaaaaaaa  1.1.0        bbbbbbbbbbbb
                Stop, update, refresh of mimir.driver.sim and mimir.driver.sim.native, start, first good item of each \
                source; back to what runs now if that fails.
                Nothing was touched.""");
        assertThat(swapper.files).isEmpty();
        assertThat(run(new FakeServices(swapper), "swap --dry-run --json mimir.driver.sim").text()).contains(
                "\"refusal\" : null", "\"newSha256\" : \"" + "b".repeat(64));
        assertThat(run(new FakeServices(new FakeSwapper(Outcome.REFUSED)), "swap --dry-run mimir.driver.sim").failure())
                .isEqualTo("it exports something");
    }

    @Test
    void shouldRestartOneDevice() {
        assertThat(run(new FakeServices(new FakeSwapper(Outcome.SWAPPED)), "restart cam.1").text()).isEqualTo("""
                cam.1: restarted
                SOURCE  GAP ms  EPOCH BEFORE  AFTER
                cam.1     2.00             3      4""");
        assertThat(run(new FakeServices(new FakeSwapper(Outcome.FAILED)), "restart cam.1").failure())
                .isEqualTo("cam.1 could not be restarted: it is gone");
    }

    @Test
    void shouldRestartADeviceByAnyOfItsNames() {
        assertThat(run(new FakeServices(new FakeSwapper(Outcome.SWAPPED), devices(State.RUNNING)), "restart left")
                .text()).startsWith("cam.1: restarted");
    }

    @Test
    void shouldSayHowADeviceThatIsStoppedGoesOn() {
        assertThatThrownBy(() -> run(new FakeServices(new FakeSwapper(Outcome.SWAPPED), devices(State.STOPPED)),
                "restart left")).isInstanceOf(BadInputException.class)
                .hasMessage("cam.1 is stopped; start cam.1 lets it go on");
    }

    /** One of them, whatever it is called. */
    private static Object devices(State state) {
        var device = new Devices.Device("cam.1", List.of(), "mimir.driver.sim", "", DeviceIdentity.NONE, state, "");
        return Proxy.newProxyInstance(Devices.class.getClassLoader(), new Class<?>[] {Devices.class},
                (self, method, words) -> method.isDefault() ? InvocationHandler.invokeDefault(self, method, words)
                        : List.of(method.getName().equals("list") ? device : "cam.1"));
    }

    @Test
    void shouldShowTheJournalAndLeaveOutWhatIsDamaged() {
        assertThat(run(new FakeServices(new FakeSwapper(Outcome.SWAPPED)), "swaps").text()).isEqualTo("""
                TIME                  WHAT  BUNDLE  OUTCOME  GAP ms  SHA-256 BEFORE  AFTER         REASON
                2026-01-02T03:04:05Z  swap  a       swapped    1.50  aaaaaaaaaaaa    bbbbbbbbbbbb  -""");
        assertThat(progress).containsExactly("1 lines of the journal are damaged and left out");
    }

    @Test
    void shouldHandAnExportOverInItsUnits() {
        var exporter = new FakeExporter();

        var answer = run(new FakeServices(exporter), "export --last 5s --to out --source cam.1 --source cam.2");

        assertThat(exporter.asked).containsExactly(List.of("cam.1", "cam.2"), 5_000_000_000L, Path.of("out"));
        assertThat(answer.text()).isEqualTo("""
                SOURCE  FILE           ITEMS  LENGTH s  MiB  MISSING  WHY
                cam.1   out/cam.1.y4m     50      5.00  1.0        0  -""");
        assertThat(answer.failure()).isNull();
    }

    /** What a source lost is part of the recording; what it sent was asked for. */
    @Test
    void shouldFailAnExportThatIsNotAllThatWasAskedFor() {
        var exporter = new FakeExporter();
        exporter.why = new Missing(0, 0, 0, 0, 3);
        assertThat(run(new FakeServices(exporter), "export --last 5s --to out").failure()).isNull();
        exporter.why = new Missing(100, 18, 0, 0, 3);

        var answer = run(new FakeServices(exporter), "export --last 5s --to out");

        assertThat(answer.text()).endsWith("121  100 evicted, 18 refused, 3 lost at the source");
        assertThat(answer.failure()).isEqualTo("not all that was asked for is in the files (100 evicted, 18 refused, 3"
                + " lost at the source); release windows sooner, or give the reservoir more memory with --budget; the"
                + " files hold the rest");
    }

    @Test
    void shouldExportAWindowAndGiveExportsUp() {
        var exporter = new FakeExporter();

        run(new FakeServices(exporter), "export --window w1 --to out");

        assertThat(exporter.asked).containsExactly("w1", List.of(), Path.of("out"));
        assertThat(run(new FakeServices(exporter), "export --cancel").text()).isEqualTo("No export runs.");
        exporter.runs = true;
        assertThat(run(new FakeServices(exporter), "export --cancel").text())
                .isEqualTo("The export that runs is given up; its files go.");
    }

    @Test
    void shouldListRigs() {
        assertThat(run(new FakeServices(new FakeRigs()), "rigs").text()).isEqualTo("RIG\ntiny\nwide");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '\0', textBlock = """
            export --to d => export needs --last DURATION or --window NAME, and --to DIR; usage: \
            export [--last DURATION] [--window NAME] [--to DIR] [--source SOURCE]… [--cancel] [--json]
            export --last 1s --window w --to d => export needs --last DURATION or --window NAME, and --to DIR; usage: \
            export [--last DURATION] [--window NAME] [--to DIR] [--source SOURCE]… [--cancel] [--json]
            export --last 1s --to= => export --to needs a name; '' is none
            export --cancel --to d => export --cancel stands alone; leave the other options out
            window open => a window needs --pre DURATION, --post DURATION or both, such as --pre 10s
            window open --pre soon => --pre cannot be 'soon': give a duration above zero and up to a year, such as \
            500ms, 10s, 2m or 1h
            window juggle => window cannot 'juggle'; it can open, on, list, release and off
            window on cam --above 3 --pre 1s => window on --above needs a type and a field, as in window on cam motion \
            energy --above 0.5 --pre 5s
            sources --sideways => sources has no option --sideways; it has --json
            sources twice => sources has no use for 'twice'; usage: sources [--json]
            sources --json=1 => --json takes no value; leave '=1' out
            swap => swap needs more; usage: swap NAME [FILE…|DIR] [--dry-run] [--json]
            exit soon => exit cannot end with 'soon': give a whole number from 0 to 255
            exit 256 => exit cannot end with '256': give a whole number from 0 to 255
            alias one => alias needs a source and a name, as in alias sim.camera.1 left; usage: \
            alias [SOURCE NAME] [--list] [--remove NAME] [--json]
            help juggle => there is no command 'juggle'; try help
            """)
    void shouldRefuseInOneSentence(String line, String sentence) {
        assertThatThrownBy(() -> run(new FakeServices(), line)).isInstanceOf(BadInputException.class)
                .hasMessage(sentence);
    }

    @Test
    void shouldHelpWithEveryCommand() {
        var services = new FakeServices();
        var overview = run(services, "help").text();

        for (var command : new Commands(services).all()) {
            var syntax = command.syntax();
            assertThat(overview).contains(syntax.name(), syntax.summary());
            assertThat(run(services, "help mimir:" + syntax.name()).text()).startsWith(syntax.usage());
        }
    }

    private Answer run(Services services, String line) {
        var words = List.of(line.split(" "));
        var command = new Commands(services).all().stream()
                .filter(one -> one.syntax().name().equals(words.getFirst())).findFirst().orElseThrow();
        return command.run(command.syntax().parse(words.subList(1, words.size())), progress::add);
    }

    /** Names only. */
    private static final class FakeRigs implements Rigs {
        @Override
        public List<String> names() {
            return List.of("tiny", "wide");
        }

        @Override
        public Rig load(String nameOrFile, Map<String, String> variables) {
            return new Rig(nameOrFile, List.of());
        }

        @Override
        public void awaitSources(Duration atMost) {
            // they are all there: none
        }

        @Override
        public Optional<Rig> current() {
            return Optional.empty();
        }

        @Override
        public void unload(Duration atMost) {
            // none to take away
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"help | false", "mimir:help swap; rigs --json | false", "exit 3 ; | false",
        "sources | true", "help; sources | true", "lb | true", "help | grep x | true", "echo $(sources) | true"})
    void shouldKnowWhatCanDoWithoutARig(String line) {
        int last = line.lastIndexOf('|');
        assertThat(new Commands(new FakeServices()).needRig(line.substring(0, last)))
                .isEqualTo(line.endsWith("true"));
    }
}
