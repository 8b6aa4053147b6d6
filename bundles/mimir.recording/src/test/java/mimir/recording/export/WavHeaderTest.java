// SPDX-License-Identifier: Apache-2.0
package mimir.recording.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WavHeaderTest {
    @TempDir
    Path folder;

    @Test
    void shouldTell32BitSizesAsLongAsTheyHold() {
        var header = new WavHeader(2, 48000).of(1000);

        assertThat(text(header, 0)).isEqualTo("RIFF");
        assertThat(header.getInt(4)).isEqualTo(header.capacity() - 8 + 8000);
        assertThat(text(header, 12)).isEqualTo("JUNK");
        assertThat(text(header, header.capacity() - 8)).isEqualTo("data");
        assertThat(header.getInt(header.capacity() - 4)).isEqualTo(8000);
    }

    @Test
    void shouldBecomeRf64WhereTheyDoNot() {
        long frames = 1L << 29;
        var header = new WavHeader(8, 192_000).of(frames);

        assertThat(text(header, 0)).isEqualTo("RF64");
        assertThat(header.getInt(4)).isEqualTo(-1);
        assertThat(text(header, 12)).isEqualTo("ds64");
        assertThat(header.getLong(20)).isEqualTo(frames * 32 + header.capacity() - 8);
        assertThat(header.getLong(28)).isEqualTo(frames * 32);
        assertThat(header.getLong(36)).isEqualTo(frames);
        assertThat(header.getInt(header.capacity() - 4)).isEqualTo(-1);
    }

    @Test
    void shouldChangeToRf64ExactlyAtTheLimit() {
        int head = new WavHeader(1, 8000).bytes();
        long most = (0xFFFFFFFFL - 1 - head + 8) / 4;

        assertThat(text(new WavHeader(1, 8000).of(most), 0)).isEqualTo("RIFF");
        assertThat(text(new WavHeader(1, 8000).of(most + 1), 0)).isEqualTo("RF64");
    }

    @Test
    void shouldBeRf64ThatOtherToolsOpen() throws IOException, InterruptedException {
        var file = folder.resolve("long.wav");
        var data = ByteBuffer.allocate(8 * 4 * 19_200);
        try (var channel = Files.newByteChannel(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(new WavHeader(8, 192_000, 0).of(19_200));
            channel.write(data);
        }

        assertThat(Tools.probe(file, "codec_name,sample_rate,channels,duration"))
                .contains("pcm_f32le", "sample_rate=192000", "channels=8", "duration=0.100000");
        assertThat(Tools.run("sox", "--i", file.toString())).contains("19200 samples").contains("Channels       : 8");
    }

    private static String text(ByteBuffer header, int at) {
        return new String(header.array(), at, 4, StandardCharsets.US_ASCII);
    }
}
