// SPDX-License-Identifier: Apache-2.0
package mimir.sync.xdf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class XdfRecordingTest {
    private static final double NOISE_S = 30e-6;
    private static final double DRIFT = 40e-6;
    /** By how much the recorder's clock is ahead of the stream's when its piece begins, s. */
    private static final double[] OFFSETS_S = {-652_340.284, 1_121.166, 1_121.3};
    private static final double[] RESETS_S = {1_203.4, 1_801.7};  // of the recorder's clock

    @TempDir Path folder;
    private final Random random = new Random(5);

    @Test
    void shouldReadARealFile() throws IOException {
        var streams = XdfRecording.read(folder.resolve(put("real.xdf", real()))).streams();
        assertThat(streams).extracting(XdfStream::name).containsExactly("SendDataC", "SendDataString");
        assertThat(streams).extracting(XdfStream::samples).containsExactly(9L, 9L);
        assertThat(streams).extracting(XdfStream::channels).containsExactly(3, 1);
        assertThat(streams.getFirst().firstS()).isEqualTo(5.1);
        assertThat(streams.getFirst().lastS()).isEqualTo(5.9, within(1e-9));
        var piece = streams.getFirst().pieces().getFirst();
        assertThat(piece.measurements()).isEqualTo(2);
        assertThat(piece.offsetS()).isEqualTo(-0.1, within(1e-4));
        assertThat(streams.getFirst().recorderS(5.1)).isEqualTo(5.0, within(1e-3));
        assertThat(streams.getLast().pieces()).isEmpty();
    }

    @Test
    void shouldFindResetsAndOffsetsAsTheFileMeasuredThem() throws IOException {
        var file = new XdfFile().header(7, "eeg", "float32", 1, 100);
        for (double at = 603; at < 2400; at += 5) {
            file.offset(7, at - offsetS(at), offsetS(at) + NOISE_S * random.nextGaussian());
            file.sample(7, at + 1 - offsetS(at + 1));
        }
        var stream = file.read(folder).streams().getFirst();
        assertThat(stream.name()).isEqualTo("eeg");
        assertThat(stream.resets()).hasSize(2);
        for (int i = 0; i < 2; i++) {
            var reset = stream.resets().get(i);
            assertThat(RESETS_S[i]).isBetween(reset.afterS(), reset.beforeS());
            assertThat(reset.beforeS() - reset.afterS()).isEqualTo(5, within(1e-3));
            assertThat(reset.jumpS()).isEqualTo(offsetS(reset.afterS()) - offsetS(reset.beforeS()), within(1e-2));
        }
        assertThat(stream.pieces().size()).isEqualTo(3);
        stream.pieces().forEach(XdfRecordingTest::agrees);
        assertThat(stream.recorderS(stream.lastS())).isEqualTo(2399, within(1e-3));
        assertThat(stream.recorderS(1_000 - offsetS(1_000))).isEqualTo(1_000, within(1e-4));
    }

    private static void agrees(XdfPiece piece) {
        double recorder = piece.untilS() + piece.offsetS();
        assertThat(piece.offsetS()).isEqualTo(offsetS(recorder), within(piece.uncertaintyS()));
        assertThat(piece.uncertaintyS()).isLessThan(8 * NOISE_S);
        assertThat(piece.residualS()).isLessThan(2 * NOISE_S);
        assertThat(piece.driftPpm()).isEqualTo(DRIFT * 1e6, within(3.0));
        assertThat(piece.measuredS()).isEqualTo(piece.offsetS(), within(DRIFT * 700));
    }

    @Test
    void shouldLeaveOutASpike() throws IOException {
        var file = new XdfFile().header(1, "s", "int8", 1, 0);
        for (int i = 0; i < 50; i++) {
            file.offset(1, 5 * i, i == 20 ? 3 : 0.5);
        }
        var stream = file.read(folder).streams().getFirst();
        assertThat(stream.resets()).isEmpty();
        assertThat(stream.outliers()).isEqualTo(1);
        assertThat(stream.pieces().getFirst().offsetS()).isEqualTo(0.5, within(1e-3));
    }

    @Test
    @Timeout(120)
    void shouldRefuseWhatIsBrokenWithASentenceAndNothingElse() throws IOException {
        var whole = real();
        for (int end = 0; end < whole.length; end += 23) {
            readsOrRefuses(Arrays.copyOf(whole, end));
        }
        for (int i = 0; i < 150; i++) {
            var broken = whole.clone();
            for (int j = random.nextInt(4); j >= 0; j--) {
                broken[random.nextInt(broken.length)] = (byte) random.nextInt(256);
            }
            readsOrRefuses(broken);
        }
    }

    @Test
    void shouldSayAtWhichByte() {
        refuses(new byte[] {1, 2, 3, 4}, "byte 0: an XDF file begins with XDF:, this one does not");
        refuses(new byte[] {'X', 'D', 'F', ':', 3}, "byte 4: a length has 1, 4 or 8 bytes, not 3");
        refuses(new byte[] {'X', 'D', 'F', ':', 1, 9, 0}, "byte 6: a chunk of 9 bytes begins, but the file has 1 more");
        var file = new XdfFile();
        int at = file.size() + 7;
        assertThatThrownBy(() -> file.sample(9, 1).read(folder)).isInstanceOf(XdfException.class)
                .hasMessage("byte " + at + ": stream 9 has no header");
        assertThatThrownBy(() -> new XdfFile().header(1, "s", "int9", 1, 0).read(folder))
                .hasMessageContaining("channel_format is one of int8,").hasMessageEndingWith("not 'int9'");
        assertThatThrownBy(() -> new XdfFile().header(1, "s", "int8", 1, 0).offset(1, Double.NaN, 1).read(folder))
                .hasMessageMatching("byte \\d+: a time of NaN s is none");
        byte[] many = {8, -1, -1, -1, -1, -1, -1, -1, 127};
        var announced = new XdfFile().header(1, "s", "int8", 1, 0).chunk(3, XdfFile.number(1), many);
        assertThatThrownBy(() -> announced.read(folder)).hasMessageEndingWith("9223372036854775807 samples are "
                + "announced where 0 bytes are left, which hold 0 at most");
    }

    private void refuses(byte[] bytes, String message) {
        assertThatThrownBy(() -> XdfRecording.read(folder.resolve(put("b.xdf", bytes)))).hasMessage(message);
    }

    private void readsOrRefuses(byte[] bytes) throws IOException {
        try {
            XdfRecording.read(folder.resolve(put("broken.xdf", bytes)));
        } catch (XdfException e) {
            assertThat(e).hasMessageMatching("(?s)byte \\d+: .+");
            assertThat(e.offset()).isBetween(0L, (long) bytes.length);
        }
    }

    private String put(String name, byte[] bytes) throws IOException {
        Files.write(folder.resolve(name), bytes);
        return name;
    }

    private static byte[] real() throws IOException {
        try (var in = XdfRecordingTest.class.getResourceAsStream("minimal.xdf")) {
            return in.readAllBytes();
        }
    }

    /** The truth, at a time of the recorder's clock. */
    private static double offsetS(double recorderS) {
        int piece = recorderS < RESETS_S[0] ? 0 : recorderS < RESETS_S[1] ? 1 : 2;
        return OFFSETS_S[piece] + DRIFT * (recorderS - (piece == 0 ? 600 : RESETS_S[piece - 1]));
    }
}
