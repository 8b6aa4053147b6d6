// SPDX-License-Identifier: Apache-2.0
package mimir.recording.playback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import mimir.recording.Recordings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WavRecordingTest {
    @TempDir
    Path folder;

    @Test
    void shouldScaleEveryEncodingByAPowerOfTwo() throws IOException {
        var bytes = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);

        assertThat(first(1, 8, new byte[] {0})).isEqualTo(-1f);
        assertThat(first(1, 8, new byte[] {(byte) 255})).isEqualTo(127 / 128f);
        assertThat(first(1, 16, new byte[] {1, (byte) 0x80})).isEqualTo(-32767 / 32768f);
        assertThat(first(1, 24, new byte[] {1, 0, (byte) 0x80})).isEqualTo(-8388607 / 8388608f);
        assertThat(first(1, 24, new byte[] {(byte) 255, (byte) 255, 127})).isEqualTo(8388607 / 8388608f);
        assertThat(first(1, 32, new byte[] {0, 0, 0, (byte) 0x80})).isEqualTo(-1f);
        assertThat(first(3, 32, bytes.putFloat(0, 0.123f).array())).isEqualTo(0.123f);
    }

    private float first(int tag, int bits, byte[] sample) throws IOException {
        var file = Recordings.wav(folder.resolve("one.wav"), tag, 1, 8000, bits, sample);
        var slot = new Slot();
        try (var recording = new WavRecording(settings(file, false))) {
            assertThat(recording.fill(slot)).isTrue();
            assertThat(slot.height()).isOne();
            assertThat(recording.fill(new Slot())).isFalse();
        }
        return slot.memory().get(ValueLayout.JAVA_FLOAT, slot.offset());
    }

    @Test
    void shouldLoopFilesShorterThanABlock() throws IOException {
        var file = Recordings.wav(folder.resolve("short.wav"), 1, 8000, 7);
        var slot = new Slot();
        try (var recording = new WavRecording(settings(file, true))) {
            for (int block = 0; block < 3; block++) {
                recording.fill(slot);
                for (int i = 0; i < 80; i++) {
                    assertThat(slot.memory().get(ValueLayout.JAVA_FLOAT, 4L * i))
                            .isEqualTo((block * 80 + i) % 7 / 32768f);
                }
            }
        }
    }

    @Test
    void shouldReadExtensibleAndUnfinishedFilesAndSkipOtherChunks() throws IOException {
        var bytes = ByteBuffer.allocate(200).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put("RIFF".getBytes()).putInt(-1).put("WAVELIST".getBytes()).putInt(3).put(new byte[4])
                .put("fmt ".getBytes()).putInt(40)
                .putShort((short) 0xFFFE).putShort((short) 2).putInt(44100).putInt(44100 * 4).putShort((short) 4)
                .putShort((short) 16)
                .putShort((short) 22).putShort((short) 16).putInt(3).putShort((short) 1).put(new byte[14])
                .put("data".getBytes()).putInt(-1);
        int head = bytes.position();
        bytes.putShort((short) 1).putShort((short) 2).putShort((short) 3).putShort((short) 4).put((byte) 9);
        var file = Files.write(folder.resolve("live.wav"), Arrays.copyOf(bytes.array(), bytes.position()));

        try (var channel = FileChannel.open(file)) {
            assertThat(WavInfo.read(channel)).isEqualTo(new WavInfo(2, 44100, WavInfo.Encoding.S16, head, 2));
        }
    }

    @Test
    void shouldSayWhatIsWrongWithAFile() throws IOException {
        refuses(Files.writeString(folder.resolve("a.wav"), "hello, this is text"), "is no WAV file");
        refuses(Files.writeString(folder.resolve("b.wav"), "RIFF"), "ends in the middle of its header");
        refuses(Files.writeString(folder.resolve("c.wav"), "RIFF----WAVE"), "no data chunk");
        refuses(Files.writeString(folder.resolve("d.wav"), "RIFF----WAVEdata----"), "samples before its format");
        refuses(Recordings.wav(folder.resolve("e.wav"), 6, 1, 8000, 8, new byte[8]), "samples of format 6 with 8 bits");
        refuses(Recordings.wav(folder.resolve("f.wav"), 1, 200, 8000, 8, new byte[800]), "200 channels");
        refuses(Recordings.wav(folder.resolve("g.wav"), 1, 1, 8000, 16, new byte[1]), "holds no samples");
        refuses(folder.resolve("h.wav"), "does not exist");
    }

    private static void refuses(Path file, String why) {
        assertThatThrownBy(() -> new WavRecording(settings(file, false))).isInstanceOf(IOException.class)
                .hasMessageStartingWith("WAV file " + file).hasMessageContaining(why);
    }

    @Test
    void shouldSurviveAnyHeader() throws IOException {
        var good = Files.readAllBytes(Recordings.wav(folder.resolve("good.wav"), 2, 8000, 40));
        var random = new Random(7);
        var slot = new Slot();
        for (int n = 0; n < 2000; n++) {
            var bytes = good.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                bytes[random.nextInt(44)] = (byte) random.nextInt(256);
            }
            var file = Files.write(folder.resolve("fuzzed.wav"),
                    Arrays.copyOf(bytes, 20 + random.nextInt(bytes.length - 19)));
            try (var recording = new WavRecording(settings(file, true))) {
                recording.fill(slot);
            } catch (IOException refused) {
                assertThat(refused).hasMessageStartingWith("WAV file ");
            }
        }
    }

    private static Settings settings(Path file, boolean loop) {
        return new Settings("rec.test", Settings.Kind.WAV, file, "", loop, 10, "", 1);
    }
}
