// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mimir.api.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Threads: confined. */
class AnalysisCommandsTest {
    private final FakeAnalyzers analyzers = new FakeAnalyzers();
    private final Services services = new FakeServices(analyzers, FakeSource.frames("cam.1"),
            FakeSource.frames("cam.2"), FakeSource.audio("mic.1"));
    private final List<String> progress = new ArrayList<>();

    @Test
    void shouldAttachToEachSourceThatFitsAndIsOfTheKind() {
        var answer = run("attach * flow threshold=8 near=a=b");

        assertThat(analyzers.diary).containsExactly("attach flow [cam.1] {threshold=8, near=a=b}",
                "attach flow [cam.2] {threshold=8, near=a=b}");
        assertThat(answer.text())
                .isEqualTo("flow is attached to cam.1 and cam.2; what it needs came along: grey");
        assertThat(progress).containsExactly("Attaches flow to 2 sources");
    }

    @Test
    void shouldNotTakeForItsOwnWhatOthersAttachElsewhereMeanwhile() {
        var meanwhile = new FakeAnalyzers() {
            @Override
            public void attach(String name, List<String> sources, Map<String, String> parameters, long backNs) {
                super.attach(name, sources, parameters, backNs);
                stages.add(stage("level", "mic.1", "running", "", 1));
            }
        };

        assertThat(run(new FakeServices(meanwhile, FakeSource.frames("cam.1")), "attach cam.1 flow").text())
                .isEqualTo("flow is attached to cam.1; what it needs came along: grey");
    }

    @Test
    void shouldBeginInThePast() {
        assertThat(run("attach cam.1 flow --from -1.5s").text()).startsWith("flow is attached to cam.1");
        assertThat(analyzers.diary).containsExactly("attach flow [cam.1] {} from -1500000000");
        assertThatThrownBy(() -> run("attach cam.1 flow --from 10s")).isInstanceOf(BadInputException.class)
                .hasMessage("--from cannot be '10s': it lies in the past, such as -10s");
        assertThatThrownBy(() -> run("attach cam.1 flow --from -soon")).isInstanceOf(BadInputException.class)
                .hasMessageStartingWith("--from cannot be '-soon': give a duration before now");
    }

    @Test
    void shouldAttachAnAnalyserOfTwoSourcesToBoth() {
        assertThat(run("attach cam.2 mic.1 pair --json").text()).isEqualToIgnoringWhitespace("""
                {"analyser":"pair","sources":[["cam.2","mic.1"]],"along":[]}""");
        assertThat(analyzers.diary).containsExactly("attach pair [cam.2, mic.1] {}");
    }

    @Test
    void shouldAttachEverywhereOrNowhere() {
        analyzers.refused = "cam.2";

        assertThatThrownBy(() -> run("attach cam.1 cam.2 flow")).isInstanceOf(BadInputException.class)
                .hasMessage("cam.2 is dark");
        assertThat(analyzers.diary).endsWith("detach flow [cam.1]");
    }

    @Test
    void shouldDetachWhereItIsAttached() {
        run("attach cam.* flow");

        assertThat(run("detach cam.* flow").text()).isEqualTo("flow is detached from cam.1 and cam.2");
        assertThatThrownBy(() -> run("detach cam.1 flow")).hasMessage("flow is not attached to cam.1");
        assertThatThrownBy(() -> run("detach c* flow"))
                .hasMessage("flow is attached to no source that fits 'c*'; there is none");
    }

    @Test
    void shouldSayThatOthersKeepOne() {
        analyzers.stages.add(FakeAnalyzers.stage("spin", "cam.1", "stuck", "it runs since 12 s", 5));
        analyzers.stages.add(FakeAnalyzers.stage("spin", "cam.1", "running", "", 5));
        var lasting = new FakeAnalyzers() {
            @Override
            public void detach(String name, List<String> sources) {
                diary.add("detached once");
            }
        };
        lasting.stages.addAll(analyzers.stages);

        var answer = run(new FakeServices(lasting), "detach cam.1 spin");

        assertThat(answer.text()).isEqualTo("spin stays at cam.1 for those who want it, too");
    }

    @Test
    void shouldSayWhenWhatWasAttachedDoesNotWork() {
        analyzers.trouble = "level could not begin: parameter window is 0; give 1 to 1000";

        var answer = run("attach mic.1 level");

        assertThat(answer.text()).isEqualTo("level is attached to mic.1");
        assertThat(answer.failure()).isEqualTo("level of mic.1 is disabled: " + analyzers.trouble);
    }

    @Test
    void shouldEnable() {
        analyzers.stages.add(FakeAnalyzers.stage("spin", "cam.1", "disabled", "five exceptions: no light", 5));

        assertThat(run("enable cam.? spin").text()).isEqualTo("spin goes on at cam.1");
        assertThat(analyzers.diary).containsExactly("enable spin [cam.1]");
    }

    @Test
    void shouldListKindsAndStagesWithTheirCauses() {
        analyzers.stages.add(FakeAnalyzers.stage("flow", "cam.1", "running", "", 1003));
        analyzers.stages.add(FakeAnalyzers.stage("spin", "cam.2", "disabled", "five exceptions: no light", 5));

        assertThat(run("analysers").text()).isEqualTo("""
                ANALYSER  TAKES        GIVES          NEEDS         CLASS   BUDGET ms  PROFILE  PARAMETERS  \
                 BUNDLE
                flow      frame:GREY8  mimir.flow@1   mimir.grey@1  NORMAL       4.00  LATEST   threshold=4 \
                 mimir.analysis
                grey      frame        mimir.grey@1   -             NORMAL       4.00  LATEST   threshold=4 \
                 mimir.analysis
                level     audio        mimir.level@1  -             NORMAL       4.00  LATEST   threshold=4 \
                 mimir.analysis
                pair      frame audio  mimir.pair@1   -             NORMAL       4.00  LATEST   threshold=4 \
                 mimir.analysis

                SOURCE  ANALYSER  PARAMETERS  STATE     CLASS   USERS  ITEMS  RESULTS  LATE  ABSENT  MISSES  TRIAL  \
                THEN MISSED  OVERTAKEN  FAILED  MEAN us  LONGEST us  CPU s  B/ITEM
                cam.1   flow      -           running   NORMAL      1   1003     1000     2       3       4     31  \
                          2          1       0   250.00      900.00   1.50    0.00
                cam.2   spin      -           disabled  NORMAL      1      5        2     2       3       4     31  \
                          2          1       0   250.00      900.00   1.50    0.00
                pair of mimir.analysis cannot be used: lab.Pair has no version
                spin of cam.2 is disabled: five exceptions: no light
                    enable cam.2 spin   lets it go on
                    detach cam.2 spin   takes it away""");
        assertThat(run("analysers --json").text()).contains("\"cause\" : \"five exceptions: no light\"",
                "\"sources\" : [", "\"meanNs\" : 250000.0", "\"fault\" : \"lab.Pair has no version\"");
        assertThat(run("analysers --kinds").text()).doesNotContain("STATE").contains("cannot be used");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '\0', textBlock = """
            attach cam.1 juggle => there is no analyser 'juggle'; there are flow, grey, level and pair
            attach flow cam.1 => 'cam.1' is no analyser; name the sources first and then flow
            attach cam.9 flow => there is no source 'cam.9'; there are cam.1, cam.2 and mic.1
            attach mic.* flow => no source of kind frame fits 'mic.*'; there are cam.1, cam.2 and mic.1
            attach cam.1 flow a=1 a=2 => attach cannot use 'a=2': behind the analyser stand its parameters, each \
            once, such as threshold=4
            attach cam.1 flow a=1 b => attach cannot use 'b': behind the analyser stand its parameters, each once, \
            such as threshold=4
            attach flow a=1 => attach needs a source and then an analyser, as in attach sim.camera.1 flow
            detach cam.1 flow a=1 => detach takes no parameters: leave out what stands behind flow
            enable cam.1 flow a=1 => enable takes no parameters: leave out what stands behind flow
            enable c* flow => flow is attached to no source that fits 'c*'; there is none
            analysers flow => analysers has no use for 'flow'; usage: analysers [--kinds] [--json]
            detach flow => detach needs more; usage: detach SOURCE… ANALYSER [--json]
            """)
    void shouldRefuseInOneSentence(String line, String sentence) {
        assertThatThrownBy(() -> run(line)).isInstanceOf(BadInputException.class).hasMessage(sentence);
    }

    @Test
    void shouldComplete() {
        run("attach cam.1 level");
        var completion = new Completion(new Commands(services)::all);

        assertThat(completion.suggest(List.of("attach", "")).words()).containsExactly("cam.1", "cam.2", "mic.1");
        assertThat(completion.suggest(List.of("attach", "cam.1", "")).words())
                .containsExactly("cam.2", "mic.1", "flow", "grey", "level", "pair");
        assertThat(completion.suggest(List.of("attach", "cam.1", "flow", "")).words()).containsExactly("threshold=");
        assertThat(completion.suggest(List.of("attach", "cam.1", "flow", "--from", "-")).words()).contains("-10s");
        assertThat(completion.suggest(List.of("detach", "")).words()).containsExactly("cam.1");
        assertThat(completion.suggest(List.of("enable", "cam.1", "")).words()).containsExactly("level");
        assertThat(completion.suggest(List.of("enable", "cam.1", "level", "")).words()).isEmpty();
    }

    private Answer run(String line) {
        return run(services, line);
    }

    private Answer run(Services with, String line) {
        var words = List.of(line.split(" "));
        var command = new Commands(with).all().stream()
                .filter(one -> one.syntax().name().equals(words.getFirst())).findFirst().orElseThrow();
        return command.run(command.syntax().parse(words.subList(1, words.size())), progress::add);
    }
}
