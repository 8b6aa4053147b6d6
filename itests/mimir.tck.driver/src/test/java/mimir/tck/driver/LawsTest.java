// SPDX-License-Identifier: Apache-2.0
package mimir.tck.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.LongStream;
import mimir.api.media.PixelFormat;
import mimir.ring.Checksum;
import mimir.ring.Descriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What may follow what, and what is a leak. */
class LawsTest {
    private static final Note BEFORE = note(3, 10, 0, 0, 1000, Checksum.RIGHT);

    @Test
    void shouldLetSoundItemsPass() {
        assertThatCode(() -> {
            Laws.hold("cam", null, BEFORE);
            Laws.hold("cam", BEFORE, note(3, 11, 0, 0, 1000, Checksum.ABSENT));
            Laws.hold("cam", BEFORE, note(3, 14, 3, Descriptor.GAP_BEFORE, 2000, Checksum.RIGHT));
            Laws.hold("cam", BEFORE, note(4, 0, 5, Descriptor.GAP_BEFORE | Descriptor.DISCONTINUITY, 2000,
                    Checksum.RIGHT));
        }).doesNotThrowAnyException();
    }

    @ParameterizedTest(name = "{6}")
    @CsvSource(delimiter = '|', textBlock = """
            3 | 11 | 0 | 0 | 2000 | WRONG | item 11 of epoch 3 has a wrong checksum
            3 | 11 | 0 | 0 | 999  | RIGHT | item 11 of epoch 3 came 1 ns before the one in front of it
            3 | 12 | 0 | 0 | 2000 | RIGHT | item 12 of epoch 3 follows item 10 and says that 0 are missing
            3 | 12 | 1 | 0 | 2000 | RIGHT | item 12 of epoch 3 says that 1 items are missing before it
            3 | 10 | 0 | 0 | 2000 | RIGHT | item 10 of epoch 3 follows item 10
            3 | 11 | 0 | 2 | 2000 | RIGHT | item 11 of epoch 3 is not the first of its epoch and has the DISCONTINUITY
            4 | 0  | 0 | 0 | 2000 | RIGHT | item 0 of epoch 4 is the first of its epoch and has no DISCONTINUITY
            5 | 0  | 0 | 2 | 2000 | RIGHT | item 0 of epoch 5 follows one of epoch 3
            2 | 11 | 0 | 2 | 2000 | RIGHT | item 11 of epoch 2 follows one of epoch 3
            """)
    void shouldNameWhatCannotFollow(int epoch, long sequence, int gap, int flags, long hostNs, Checksum checksum,
            String sentence) {
        assertThatThrownBy(() -> Laws.hold("cam", BEFORE, note(epoch, sequence, gap, flags, hostNs, checksum)))
                .isInstanceOf(Shortfall.class).hasMessageStartingWith("cam: " + sentence);
    }

    @Test
    void shouldTellALeakFromWhatIsTakenForAWhile() {
        assertThat(LeakCheck.slope(new long[] {5, 6, 7, 8})).isEqualTo(1);
        assertThat(LeakCheck.slope(new long[] {5, 90, 70, 5, 60, 5})).isZero();
        assertThat(LeakCheck.slope(new long[] {90, 5, 5, 5})).isZero();
        assertThat(LeakCheck.slope(new long[] {9, 8, 7, 6})).isNegative();
    }

    @Test
    void shouldNameWhatEachSwapLeavesBehind() {
        assertThat(LeakCheck.judge(looks(20, 0, 0))).startsWith("over 20 swaps each brought +0.0 threads");
        assertThat(LeakCheck.judge(looks(9, 0, 4 << 20))).contains("+4194304.0 bytes of native memory");
        assertThatThrownBy(() -> LeakCheck.judge(looks(20, 1, 2 << 20))).isInstanceOf(Shortfall.class)
                .hasMessageStartingWith("each swap leaves +1.0 threads, +2097152.0 bytes of native memory; give back");
    }

    private static List<Holdings> looks(int swaps, long threads, long bytes) {
        return LongStream.range(0, swaps).mapToObj(i -> new Holdings(30 + i * threads, 50, 90, 4000, i * bytes))
                .toList();
    }

    private static Note note(int epoch, long sequence, int gap, int flags, long hostNs, Checksum checksum) {
        var format = PixelFormat.GREY.packed(64, 16, 0, 60, 1, 0);
        return new Note(epoch, sequence, gap, flags, 1, hostNs, 0, 0, format, 64, 16, 1024, checksum, hostNs);
    }
}
