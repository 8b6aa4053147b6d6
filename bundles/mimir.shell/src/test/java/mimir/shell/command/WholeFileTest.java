// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import mimir.api.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Threads: confined. */
class WholeFileTest {
    @TempDir
    Path folder;

    @Test
    void shouldReplaceAFileAndLeaveNothingBeside() {
        var file = folder.resolve("r.json");
        WholeFile.write(file, "old");

        WholeFile.write(file, "new");

        assertThat(file).hasContent("new");
        assertThat(folder.toFile().list()).containsExactly("r.json");
    }

    @Test
    void shouldWriteIntoWhatIsNoFileAndThroughALink() throws IOException {
        var full = Path.of("/dev/full");
        assertThatThrownBy(() -> WholeFile.write(full, "x")).isInstanceOf(UncheckedIOException.class);
        assertThat(Files.isRegularFile(full)).isFalse();

        var file = Files.writeString(folder.resolve("r.json"), "old");
        var link = Files.createSymbolicLink(folder.resolve("link"), file);
        WholeFile.write(link, "new");
        assertThat(file).hasContent("new");
        assertThat(link).isSymbolicLink();
    }

    @Test
    void shouldFindTheFilesOfAPattern() throws IOException {
        var one = Files.writeString(folder.resolve("a.jar"), "");
        var two = Files.writeString(folder.resolve("b.jar"), "");
        Files.writeString(folder.resolve("c.txt"), "");

        assertThat(WholeFile.paths("swap", folder + "/*.jar")).containsExactly(one, two);
        assertThat(WholeFile.paths("swap", "plain.jar")).containsExactly(Path.of("plain.jar"));
        assertThat(WholeFile.path("swap", "~/x")).isEqualTo(Path.of(System.getProperty("user.home"), "x"));
        assertThatThrownBy(() -> WholeFile.paths("swap", folder + "/*.zip")).isInstanceOf(BadInputException.class)
                .hasMessage("swap finds no file that fits '" + folder + "/*.zip'");
        assertThatThrownBy(() -> WholeFile.paths("swap", folder + "/no/*.zip"))
                .hasMessage("swap cannot look for '" + folder + "/no/*.zip': is its folder there?");
    }

    @Test
    void shouldRefuseAFolderThatIsNotThere() {
        var file = folder.resolve("no/r.json");

        assertThatThrownBy(() -> WholeFile.write(file, "x")).isInstanceOf(BadInputException.class)
                .hasMessage(file + " cannot be written: " + file.getParent() + " is not a folder; make it first");
    }
}
