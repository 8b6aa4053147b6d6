// SPDX-License-Identifier: Apache-2.0
package mimir.recording.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.DataBufferByte;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import mimir.recording.Recordings;
import mimir.recording.TestWorkers;
import mimir.recording.playback.Stage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real recordings through playback, ring and export, compared with what ImageIO and the file itself say. */
class RoundTripTest {
    @TempDir
    Path folder;

    private final Stage stage = new Stage();
    private final FakeReservoir reservoir = new FakeReservoir();

    @AfterEach
    void stop() {
        stage.close();
    }

    @Test
    void shouldKeepGreyPicturesExactly() throws IOException, InterruptedException {
        var chessboard = Recordings.real("chessboard");
        capture("rec.right", stage.play(chessboard, false, 20), 7);

        var frames = Y4m.read(export("rec.right"), 640 * 480).frames();

        assertThat(frames).hasSize(7);
        for (int n = 1; n <= 7; n++) {
            var raster = ImageIO.read(chessboard.resolve("right0" + n + ".jpg").toFile()).getRaster();
            assertThat(frames.get(n - 1)).isEqualTo(((DataBufferByte) raster.getDataBuffer()).getData());
        }
        assertThat(Tools.probe(folder.resolve("rec.right.y4m"), "pix_fmt,width,height,nb_read_frames"))
                .contains("pix_fmt=gray\n", "width=640", "height=480", "nb_read_frames=7");
    }

    @Test
    void shouldKeepColourWithinTwoLevelsForOtherToolsToo() throws IOException, InterruptedException {
        var video = Recordings.real("video");
        capture("rec.pedestrians", stage.play(video, false, 20), 5);
        var file = export("rec.pedestrians");

        assertThat(Tools.probe(file, "pix_fmt,color_range,width,height,nb_read_frames"))
                .contains("444p", "color_range=pc", "width=768", "height=576", "nb_read_frames=5");
        var png = folder.resolve("back.png");
        Tools.run("ffmpeg", "-v", "error", "-i", file.toString(), "-frames:v", "1", "-sws_flags",
                "accurate_rnd+full_chroma_int", png.toString());
        var back = ImageIO.read(png.toFile());
        var input = ImageIO.read(video.resolve("pedestrians/0001.jpg").toFile());
        int worst = 0;
        for (int i = 0; i < 768 * 576 * 3; i++) {
            int at = i / 3;
            worst = Math.max(worst, Math.abs(back.getRaster().getSample(at % 768, at / 768, i % 3)
                    - input.getRaster().getSample(at % 768, at / 768, i % 3)));
        }
        assertThat(worst).isLessThanOrEqualTo(2);
    }

    @Test
    void shouldKeepSpeechBitForBit() throws IOException, InterruptedException {
        var file = Recordings.real("audio/Rear_Left.wav");
        Files.copy(file, folder.resolve("speech.wav"));
        capture("rec.speech", stage.play(folder, false, 10), 132);
        var exported = export("rec.speech");

        var back = folder.resolve("back.raw");
        Tools.run("sox", exported.toString(), "-t", "raw", "-e", "signed", "-b", "16", "-L", "-D", back.toString());
        var original = Files.readAllBytes(file);
        assertThat(Files.readAllBytes(back)).isEqualTo(Arrays.copyOfRange(original, 44, 44 + 63_010 * 2));
        var samples = ByteBuffer.wrap(Files.readAllBytes(exported)).order(ByteOrder.LITTLE_ENDIAN);
        int head = new WavHeader(1, 48000).bytes();
        for (int i = 0; i < 63_010; i++) {
            int sample = ByteBuffer.wrap(original).order(ByteOrder.LITTLE_ENDIAN).getShort(44 + 2 * i);
            assertThat(samples.getFloat(head + 4 * i) * 32768).isEqualTo(sample);
        }
    }

    private void capture(String id, List<String> ids, int items) {
        assertThat(ids).contains(id);
        try (var reader = stage.reader(id)) {
            for (int n = 0; n < items; n++) {
                try (var lease = Stage.next(reader)) {
                    reservoir.add(id, lease);
                }
            }
        }
    }

    private Path export(String id) {
        var files = new ReservoirExporter(reservoir, new FakeWindows(), new TestWorkers(), Disk.REAL, null)
                .export(List.of(id), 60_000_000_000L, folder, line -> assertThat(line).isEmpty());
        assertThat(files).singleElement().satisfies(file -> assertThat(file.missing()).isZero());
        return files.getFirst().file();
    }
}
