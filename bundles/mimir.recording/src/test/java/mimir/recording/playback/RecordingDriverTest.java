// SPDX-License-Identifier: Apache-2.0
package mimir.recording.playback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import mimir.api.BadInputException;
import mimir.recording.Recordings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordingDriverTest {
    @TempDir
    Path folder;

    private final RecordingDriver driver = new RecordingDriver();

    @Test
    void shouldPlanOneDevicePerSequenceAndFileWithShortUniqueIds() throws IOException {
        for (var name : new String[] {"left01.jpg", "left02.jpg", "right1.JPG", "a/x/take.wav", "b/x/take.wav",
                "walk/0001.png", ".hidden/1.png",
            "walk/notes.txt"}) {
            Files.createDirectories(folder.resolve(name).getParent());
            Files.createFile(folder.resolve(name));
        }

        var plan = driver.plan(Map.of("folder", folder.toString(), "loop", "true", "fps", "25"));

        assertThat(plan).extracting(device -> device.get("id"))
                .containsExactly("rec.left", "rec.right", "rec.a.x.take", "rec.b.x.take", "rec.walk");
        assertThat(plan)
                .allSatisfy(device -> assertThat(device).containsEntry("loop", true).containsEntry("fps", 25.0));
    }

    @Test
    void shouldPlanTheRealRecordings() {
        var plan = driver.plan(Map.of("folder", Recordings.real(".").toString()));

        assertThat(plan).anySatisfy(device -> assertThat(device).containsEntry("id", "rec.chessboard.left")
                .hasEntrySatisfying("ring.bytes", bytes -> assertThat((long) bytes)
                .isBetween(64L * 640 * 480, 64L * 640 * 485)));
        assertThat(plan).hasSize(13).extracting(device -> device.get("id"))
                .contains("rec.chessboard.left", "rec.chessboard.right", "rec.pedestrians", "rec.audio.Front_Center",
                "rec.audio.demo-instruct");
    }

    @Test
    void shouldRefuseWhatItCannotPlayInOneSentence() throws IOException {
        Files.createFile(folder.resolve("notes.txt"));

        refuses(Map.of(), "needs a folder");
        refuses(Map.of("folder", folder.resolve("nothing").toString()), "is not there");
        refuses(Map.of("folder", folder.resolve("notes.txt").toString()), "notes.txt is a file; name a folder");
        refuses(Map.of("folder", folder.toString()), "holds nothing to play");
        refuses(Map.of("folder", folder.toString(), "fps", 0L), "fps must be");
        refuses(Map.of("folder", folder.toString(), "fps", "fast"), "fps must be");
        refuses(Map.of("folder", folder.toString(), "loop", "maybe"), "loop must be true or false");
        refuses(Map.of("folder", folder.toString(), "lop", true), "no member 'lop'");
        refuses(Map.of("folder", "a\0b"), "cannot be the name of a folder");
    }

    @Test
    void shouldRefuseTooManySources() throws IOException {
        for (int i = 0; i < 65; i++) {
            Files.createFile(folder.resolve("take" + (char) ('A' + i / 26) + (char) ('a' + i % 26) + ".png"));
        }

        refuses(Map.of("folder", folder.toString()), "more than 64 recordings");
    }

    private void refuses(Map<String, Object> entry, String why) {
        assertThatThrownBy(() -> driver.plan(entry)).isInstanceOf(BadInputException.class).hasMessageContaining(why);
    }
}
