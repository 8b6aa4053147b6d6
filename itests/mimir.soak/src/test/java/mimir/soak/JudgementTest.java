// SPDX-License-Identifier: Apache-2.0
package mimir.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A soak finds what it looks for. Confined. */
class JudgementTest {
    private static final Follower.Seen FIRST = new Follower.Seen(3, 0, 0, 1, 0, 0);

    @Test
    void shouldSeeAnEpochThatIsLeftOutRepeatedOrOutOfOrder() {
        var next = FIRST.with(4, true, 100, 170);

        assertThat(next).isEqualTo(new Follower.Seen(4, 1, 0, 1, 100, 170));
        assertThat(FIRST.with(5, true, 100, 170).disorders()).isEqualTo(1);
        assertThat(next.with(3, true, 170, 180).disorders()).isEqualTo(1);
        assertThat(next.with(4, false, 170, 180).disorders()).isEqualTo(1);
        assertThat(next.with(4, true, 170, 180)).isEqualTo(new Follower.Seen(4, 1, 0, 2, 100, 170));
    }

    @Test
    void shouldFitALineThroughNoise() {
        var level = IntStream.range(0, 90).mapToObj(at -> new double[] {at, 40 + at % 3}).toList();
        var rising = IntStream.range(0, 90).mapToObj(at -> new double[] {at, 40 + at % 3 + at * 0.04}).toList();

        assertThat(Slope.of(level).percent()).isCloseTo(0, within(0.5));
        assertThat(Slope.of(rising).percent()).isCloseTo(8.7, within(0.5));
        assertThat(Slope.of(List.of(new double[] {1, 7})).percent()).isZero();
    }

    @Test
    void shouldNotBeTurnedByAFewWeighings() {
        var late = IntStream.range(0, 90).mapToObj(at -> new double[] {at, at > 80 && at % 2 == 0 ? 60 : 40}).toList();

        assertThat(Slope.of(late).percent()).isCloseTo(0, within(0.5));
    }

    @Test
    void shouldMissEachGoalThatIsMissed() {
        var account = new Account(4);
        account.add(new Account.Swap("usual", "SWAPPED", 70_000_000, 0, true, true, 0));
        account.add(new Account.Swap("other", "ROLLED_BACK", 900_000_000, 100_000_000, false, false, 2));
        IntStream.range(0, 5).forEach(at -> account.add(Map.of("threads", 40.0 + 3 * at * at)));
        account.others(1, 2, 0);

        assertThat(missed(account)).containsExactly("swaps", "swaps that did not end with the new build delivering",
                "swaps after which other bytes were mapped than were put in",
                "readers of swapped sources that saw not exactly one change of epoch, in order",
                "gaps that were told otherwise than a reader saw them", "gap beyond the machine's own, p99",
                "items of the other driver lost by readers", "items of the other driver lost at the source");
    }

    @Test
    void shouldMissTheGoalOfWhatGrows() {
        var account = new Account(5);
        for (int at = 0; at < 5; at++) {
            account.add(new Account.Swap("usual", "SWAPPED", 70_000_000, 0, true, true, 0));
            account.add(Map.of("threads", 40.0 + at));
        }

        assertThat(missed(account)).containsExactly("growth of threads");
        assertThat(new Verdict(account).text()).contains("growth of threads", "MISSED");
    }

    private static List<String> missed(Account account) {
        return new ArrayList<>(account.rows().stream().filter(row -> !row.met()).map(Row::name).toList());
    }

    @Test
    void shouldKnowABuildByItsNameAndItsCode() {
        var library = new byte[3 * 4096];
        library[4096] = 7;
        library[8192] = 9;
        var build = new Build("other", List.of(), library);

        assertThat(build.is(new MappedLibrary("other", code(7)))).isTrue();
        assertThat(build.is(new MappedLibrary("usual", code(7)))).isFalse();
        assertThat(build.is(new MappedLibrary("other", code(8)))).isFalse();
        assertThat(build.is(new MappedLibrary("other", new byte[0]))).isFalse();
    }

    private static byte[] code(int first) {
        var code = new byte[4096];
        code[0] = (byte) first;
        return code;
    }

    @Test
    void shouldReadALibraryOfThisProcessFromItsMemory() {
        assertThat(MappedLibrary.named("/libjvm.so")).singleElement()
                .satisfies(library -> assertThat(library.code()).hasSizeGreaterThan(1_000_000));
        assertThat(MappedLibrary.named("/no-such-library")).isEmpty();
    }
}
