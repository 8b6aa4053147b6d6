// SPDX-License-Identifier: Apache-2.0
package mimir.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Threads: confined. */
class StateFolderTest {
    @TempDir
    Path home;

    @Test
    void shouldBeMadeForItsUserOnlyWhereTheEnvironmentSays() throws Exception {
        assertThat(StateFolder.make(Map.of("HOME", home.toString()))).contains(home.resolve(".local/state/mimir"));
        assertThat(StateFolder.make(Map.of("HOME", home.toString(), "XDG_STATE_HOME", home.resolve("x").toString())))
            .contains(home.resolve("x/mimir"));
        assertThat(StateFolder.make(Map.of("HOME", home.toString(), "XDG_STATE_HOME", "relative")))
            .contains(home.resolve(".local/state/mimir"));
        assertThat(StateFolder.make(Map.of("HOME", "/nonexistent", "MIMIR_STATE", home.resolve("own").toString())))
            .contains(home.resolve("own"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("own"))))
            .isEqualTo("rwx------");
    }

    @Test
    void shouldRefuseAFolderThatOthersMayChange() throws IOException {
        var open = Files.createDirectory(home.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwx---"));

        assertThatThrownBy(() -> StateFolder.make(Map.of("MIMIR_STATE", open.toString())))
            .isInstanceOf(LaunchException.class).hasMessageContaining(open.toString())
            .hasMessageContaining("chmod go-w");
    }

    @Test
    void shouldRefuseAFolderOfAnotherUser() {
        var theirs = PrivateFolder.uid() == 0 ? anotherUsers() : Path.of("/proc");

        assertThatThrownBy(() -> StateFolder.make(Map.of("MIMIR_STATE", theirs.toString())))
            .isInstanceOf(LaunchException.class).hasMessageContaining("belongs to another user");
    }

    private Path anotherUsers() {
        try {
            var folder = Files.createDirectory(home.resolve("theirs"));
            Files.setAttribute(folder, "unix:uid", 65_534);
            return folder;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldGoOnWithoutOneUnlessItWasNamed() throws Exception {
        var file = Files.writeString(home.resolve("file"), "no folder");

        assertThat(StateFolder.make(Map.of("HOME", file.toString()))).isEmpty();
        assertThatThrownBy(() -> StateFolder.make(Map.of("MIMIR_STATE", file.resolve("state").toString())))
            .isInstanceOf(LaunchException.class).hasMessageEndingWith("name another in MIMIR_STATE.");
    }
}
