// SPDX-License-Identifier: Apache-2.0
package mimir.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From samples to a judgement, a file, a page and a comparison. */
class OutcomeTest {
    @TempDir
    Path folder;

    @Test
    void shouldJudgeTheMedianOfTheRoundsThatCount() {
        var row = row(outcome(10, 12, 90)); // the last one was disturbed

        assertThat(row.ratio()).isEqualTo(1.1);
        assertThat(row.rounds()).containsExactly(1.0, 1.2, 9.0);
        assertThat(row.invalid()).containsExactly(3);
        assertThat(row.met()).isTrue();
        assertThat(row.stretched()).isTrue();
    }

    @Test
    void shouldReadBackWhatItWrote() throws Exception {
        var outcome = outcome(10, 12, 90);
        var file = folder.resolve("bench.json");

        outcome.write(file);

        assertThat(Outcome.read(file)).isEqualTo(outcome);
    }

    @Test
    void shouldRefuseAFileThatIsNoResultInOneSentence() throws Exception {
        var file = Files.writeString(folder.resolve("other.json"), "{\"schema\":\"else\"}");

        assertThatThrownBy(() -> Outcome.read(file)).isInstanceOf(BadUseException.class)
                .hasMessageContaining("is no result of a benchmark");
    }

    @Test
    void shouldHelp() throws Exception {
        var text = new ByteArrayOutputStream();
        var out = new PrintStream(text, true, StandardCharsets.UTF_8);

        int status = Main.run(new String[] {"--suite", "--help"}, out, out);

        assertThat(status).isZero();
        assertThat(text.toString(StandardCharsets.UTF_8)).startsWith("usage: ./mimir bench ").contains("handoff, ");
    }

    @Test
    void shouldWriteThePageForPeople() throws Exception {
        var page = PerformancePage.of(outcome(100, 120, 90), Notes.read(folder.resolve("none")));

        assertThat(page).contains("| 1 to 1, p50 against JCTools | 110.0 ns | 10.00 ns | 11.00 x | 10.00 x, 12.00 "
                + "x, (9.00 x)")
                .contains("**not met**").contains("*1 to 1, p50 against JCTools* is not met: not looked into yet.")
                .contains("round 3: sender had 0.50 of a core").contains("- processor: some");
    }

    @Test
    void shouldFailWhenNoRoundIsAsGoodAsAnyOfTheEarlierRun() throws Exception {
        var before = written("before", outcome(10, 11, 0, 12));
        var after = written("after", outcome(14, 15, 0, 16)); // ratios of 1.4 to 1.6 instead of 1 to 1.2

        assertThat(main("--from", after, "--compare", before)).isEqualTo(1);
        assertThat(main("--from", after, "--compare", before, "--threshold", "25%")).isZero();
        assertThat(main("--from", before, "--compare", after)).isZero();
    }

    @Test
    void shouldTakeChanceForNoLoss() throws Exception {
        var before = written("before", outcome(10, 11, 0, 20));
        var after = written("after", outcome(19, 40, 0, 50)); // the median is 3.6 times as much

        assertThat(main("--from", after, "--compare", before)).isZero();
    }

    @Test
    void shouldJudgeWhatMustBeNoneByEachRoundAndWhatMayBeNoneByItsGoal() {
        assertThat(found(lost(0, 0, 0), lost(0, 1, 0)).worse()).extracting(Row::name)
                .containsExactly("frames that a reader lost");
        assertThat(found(lost(0, 2, 0), lost(1, 1, 1)).worse()).isEmpty();
        assertThat(found(allocated(0, 0, 0), allocated(0.04, 0.04, 0.04)).worse()).as("a tenth of 0.5").isEmpty();
        assertThat(found(allocated(0, 0, 0), allocated(0.06, 0.07, 0.3)).worse()).hasSize(1);
    }

    @Test
    void shouldNameWhatOnlyOneRunHasOrHasInTooFewRounds() {
        var one = outcome(10, 11, 90, 12);
        var both = Stream.concat(one.samples().stream(), lost(0, 0, 0).samples().stream()).toList();
        var all = Outcome.of(Map.of(), Map.of(), both);

        assertThat(found(all, one).lines()).containsExactly("frames: not measured now");
        assertThat(found(all, one).missing()).isFalse();
        assertThat(found(one, all).lines()).containsExactly("frames: frames that a reader lost: is not in the "
                + "earlier run");
        assertThat(found(one, outcome(10, 11, 90)).lines()).allMatch(line -> line.endsWith(
                ": nobody can tell, with 2 undisturbed rounds now and 3 then")).isNotEmpty();
        var silent = new Sample("frames", "mimir.untouched", 1, Map.of(), List.of("failed"), 0, 1);
        var failed = Outcome.of(Map.of(), Map.of(), List.of(silent));
        assertThat(found(lost(0, 0, 0), failed).lines()).containsExactly("frames: frames that a reader lost: has no "
                + "figures now");
        assertThat(found(lost(0, 0, 0), failed).missing()).isTrue();
    }

    private static Comparison found(Outcome before, Outcome now) {
        return Comparison.of(before, now, 0.1);
    }

    private String written(String name, Outcome outcome) throws IOException {
        var file = folder.resolve(name + ".json");
        outcome.write(file);
        return file.toString();
    }

    private static Outcome lost(double... counts) {
        return rounds("frames", "mimir.untouched", "lost.count", counts);
    }

    private static Outcome allocated(double... bytes) {
        return rounds("ingest", "mimir.frames", "bytesPerOp", bytes);
    }

    private static Outcome rounds(String suite, String trial, String figure, double... values) {
        return Outcome.of(Map.of(), Map.of(), IntStream.range(0, values.length).mapToObj(i -> new Sample(suite, trial,
                i + 1, Map.of(figure, values[i]), List.of(), 0, 1)).toList());
    }

    @Test
    void shouldCompareAChangeWithWhatTheMachineDoesByItself() {
        assertThat(change(12, 11, 13)).isCloseTo(1, offset(1e-9)); // median +2, and +-2 between two of the same
        assertThat(change(19, 8, 7)).as("better is no change").isZero();
        assertThat(change(20, 16, 13)).isEqualTo(3);
    }

    /** Delivery beside hostile analysers in three rounds; beside none always 10 and then 8 or 12. */
    private static double change(double... ours) {
        var samples = new ArrayList<Sample>();
        for (int round = 1; round <= ours.length; round++) {
            var all = Map.of("hostile", ours[round - 1], "alone", 10.0, "again", round == 2 ? 8.0 : 12.0);
            for (var each : all.entrySet()) {
                samples.add(new Sample("hostile", "delivery." + each.getKey(), round, Map.of("frame.p50.ns",
                        each.getValue()), List.of(), 0.1, 1));
            }
        }
        return Outcome.of(Map.of(), Map.of(), samples).rows().stream().filter(row -> row.kind() == Goal.Kind.CHANGE)
                .findFirst().orElseThrow().ratio();
    }

    @Test
    void shouldSayInOneSentenceWhatItDoesNotUnderstand() throws Exception {
        assertThat(main("--suite", "nothing")).isEqualTo(2);
        assertThat(main("--rounds")).isEqualTo(2);
        assertThat(main("--threshold", "much")).isEqualTo(2);
        assertThat(main("--compare", written("before", outcome(1)), "--rounds", "2")).isEqualTo(2);
    }

    private static int main(String... words) throws Exception {
        var nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        return Main.run(words, nowhere, nowhere);
    }

    private static Row row(Outcome outcome) {
        assertThat(outcome.rows()).extracting(Row::name).contains("1 to 1, p50 against JCTools");
        return outcome.rows().getFirst();
    }

    /** Our p50 in three rounds, the last of them disturbed, beside a peer's of 10 ns. */
    private static Outcome outcome(double... ours) {
        var samples = new ArrayList<Sample>();
        for (int round = 1; round <= ours.length; round++) {
            var faults = round == 3 ? List.of("sender had 0.50 of a core") : List.<String>of();
            samples.add(new Sample("handoff", "mimir.latency", round, Map.of("p50.ns", ours[round - 1]), faults, 0.1,
                    1));
            samples.add(new Sample("handoff", "jctools.latency", round, Map.of("p50.ns", 10.0), List.of(), 0.1, 1));
        }
        return Outcome.of(Map.of("processor", "some"), Map.of("rounds", "3"), samples);
    }
}
