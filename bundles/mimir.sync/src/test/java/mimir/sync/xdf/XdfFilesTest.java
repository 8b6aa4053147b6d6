// SPDX-License-Identifier: Apache-2.0
package mimir.sync.xdf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import mimir.api.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recordings as users see them: the real one, and what is none. */
class XdfFilesTest {
    @TempDir
    Path folder;
    private final XdfFiles files = new XdfFiles();

    private Path put(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("session.xdf"), bytes);
    }

    private byte[] real() throws IOException {
        try (var in = getClass().getResourceAsStream("minimal.xdf")) {
            return in.readAllBytes();
        }
    }

    @Test
    void shouldTellWhatARecordingHolds() throws IOException {
        var clocks = files.read(put(real()));

        assertThat(clocks).extracting("name").containsExactly("SendDataC", "SendDataString");
        assertThat(clocks.getFirst().pieces()).singleElement().satisfies(piece ->
                assertThat(piece.measurements()).isEqualTo(2));
        assertThat(clocks.getLast().pieces()).isEmpty();
    }

    @Test
    void shouldRefuseInOneSentence() throws IOException {
        var half = put(Arrays.copyOf(real(), real().length / 2));
        assertThatThrownBy(() -> files.read(half)).isInstanceOf(BadInputException.class)
                .hasMessageMatching("\\Q" + half + "\\E is no sound XDF: byte \\d+: [^\n]+");
        assertThatThrownBy(() -> files.read(folder)).isInstanceOf(BadInputException.class)
                .hasMessage(folder + " cannot be read as a file; give a recording, such as session.xdf");
        assertThatThrownBy(() -> files.read(folder.resolve("gone"))).isInstanceOf(BadInputException.class);
    }
}
