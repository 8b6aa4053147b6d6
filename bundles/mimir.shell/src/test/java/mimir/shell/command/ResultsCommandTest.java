// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.jr.ob.JSON;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import mimir.api.BadInputException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Threads: confined. */
class ResultsCommandTest {
    private final FakeAttachments attachments = new FakeAttachments(30);
    private final Services services = new FakeServices(attachments.service(), new FakeAnalyzers(),
            FakeSource.frames("cam.1"), FakeSource.frames("cam.2"));
    private final List<String> progress = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();

    @AfterEach
    void close() {
        assertThat(attachments.open).as("readers that nobody closed").isZero();
    }

    @Test
    void shouldShowTheNewestWithTheirUnits() {
        var text = run("results cam.1 --limit 2").text().lines().toList();

        assertThat(text.get(0)).isEqualTo("mimir.level@1 of cam.1");
        assertThat(text.get(1).split(" {2,}")).containsExactly("SEQUENCE", "EPOCH", "AGE ms", "READY AFTER ms",
                "FIRST SAMPLE", "SAMPLES", "peak dBFS", "blocks", "bands levels");
        assertThat(text.get(2).strip().split(" {2,}")).contains("128", "1792", "64", "9.3333", "28", "-28 -27 -26 -25");
        assertThat(text).hasSize(4);
        assertThat(run("results cam.1").text().lines()).hasSize(12);
    }

    @Test
    void shouldShowAllOfTheLastSecondsButWhatWasOverwritten() throws Exception {
        var found = JSON.std.listOfFrom(Object.class, run("results cam.1 level --last 1s --json").text());

        var results = (List<?>) ((Map<?, ?>) found.getFirst()).get("results");
        assertThat(results).hasSize(29);
        assertThat(results.getFirst().toString()).contains("sequence=100",
                "fields={peak=0.0, blocks=0, bands=[0, 1, 2, 3]}");
        assertThat(found.getFirst().toString()).contains("units={peak=dBFS, blocks=1, bands=levels}");
    }

    @Test
    void shouldFollow() {
        var answer = run("results cam.1 --last 1s --follow 50ms");

        assertThat(lines).hasSize(29).startsWith(
                "mimir.level@1 100: peak 0 dBFS, blocks 0, bands 0 1 2 3 levels",
                "mimir.level@1 101: peak 0.33333 dBFS, blocks 1, bands -1 0 1 2 levels");
        assertThat(answer.text()).matches("29 results of cam.1 in 0\\.\\d s, 1 missed");

        lines.clear();
        assertThat(run("results cam.1 --last 1s --follow 1h --limit 3 --json").text()).isEmpty();
        assertThat(lines).hasSize(3);
        assertThat(lines.getFirst()).startsWith("{\"source\":\"cam.1\",\"type\":\"mimir.level@1\",\"sequence\":100");
    }

    @Test
    void shouldSayThatNothingComes() {
        run("results cam.1 --follow 1100ms");

        assertThat(progress).containsExactly("No result of cam.1 so far; analysers shows whether its stages run");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '\0', textBlock = """
            results cam.7 => there is no source 'cam.7'; there are cam.1 and cam.2
            results cam.2 => nothing was attached to cam.2 so far: attach cam.2 ANALYSER begins it; there are flow, \
            grey, level and pair
            results cam.1 flow => there are no results 'flow' of cam.1; there is mimir.level@1
            results cam.1 --limit 0 => --limit cannot be '0': give a number from 1 to 9999999
            types juggle => there is no type 'juggle'; there are mimir.flow@1, mimir.grey@1, mimir.level@1 and \
            mimir.pair@1
            """)
    void shouldRefuseInOneSentence(String line, String sentence) {
        assertThatThrownBy(() -> run(line)).isInstanceOf(BadInputException.class).hasMessage(sentence);
    }

    @Test
    void shouldListTypesAndFields() {
        assertThat(run("types mimir.level flow").text()).isEqualTo("""
                TYPE           BYTES  GIVEN BY  RESULTS OF
                mimir.level@1     16  level     cam.1
                mimir.flow@1       -  flow      -

                TYPE           FIELD   KIND   VALUES  OFFSET  UNIT
                mimir.level@1  peak    float       1       0  dBFS
                mimir.level@1  blocks  int         1       4  1
                mimir.level@1  bands   short       4       8  levels""");
    }

    @Test
    void shouldPrintTheHeaderOfWhatWasAttached() {
        assertThat(run("types --header level").text()).contains("_Static_assert", "mimir_level_v1", "float peak");
        assertThatThrownBy(() -> run("types --header flow"))
                .hasMessage("types --header has nothing to say: attach an analyser first");
    }

    @Test
    void shouldComplete() {
        var completion = new Completion(new Commands(services)::all);

        assertThat(completion.suggest(List.of("results", "")).words()).containsExactly("cam.1", "cam.2");
        assertThat(completion.suggest(List.of("results", "cam.1", "")).words()).containsExactly("mimir.level@1");
        assertThat(completion.suggest(List.of("types", "mimir.flow@1", "")).words())
                .containsExactly("mimir.grey@1", "mimir.level@1", "mimir.pair@1");
    }

    private Answer run(String line) {
        var words = List.of(line.split(" "));
        var command = new Commands(services).all().stream()
                .filter(one -> one.syntax().name().equals(words.getFirst())).findFirst().orElseThrow();
        return command.run(command.syntax().parse(words.subList(1, words.size())), progress::add, lines::add);
    }
}
