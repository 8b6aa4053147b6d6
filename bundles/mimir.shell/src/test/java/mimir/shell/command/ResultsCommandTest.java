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
    void shouldShowAStretchOfThePast() {
        assertThat(run("results cam.1 --from -1m").text().lines()).hasSize(2 + 29);

        var some = run("results cam.1 --from -10m --to -150ms").text().lines().toList();
        assertThat(some).as("how many depends on how long this takes").hasSizeBetween(2 + 14, 2 + 29);
        assertThat(some.get(2)).contains(" 100 ");
        assertThat(run("results cam.1 --to -150ms").text().lines()).hasSizeBetween(2 + 14, 2 + 29);
        assertThat(run("results cam.1 --from -2m --to -1m").text())
                .isEqualTo("mimir.level@1 of cam.1: no result from 120.0 to 60.0 s ago.");
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
            results cam.1 --from 10s => --from cannot be '10s': give how long ago with a minus, such as -10s or -500ms
            results cam.1 --from -1s --to -2s => --to -2s is not after --from -1s
            results cam.1 --last 5s --to -1s => --last ends now: give --from and --to without it
            results cam.1 --to -1s --follow 1s => --follow shows what comes: leave --to out
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
        assertThat(completion.suggest(List.of("results", "cam.1", "--from", "")).words())
                .containsExactly("-5s", "-10s", "-30s");
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
