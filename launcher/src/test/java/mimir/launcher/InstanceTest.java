// SPDX-License-Identifier: Apache-2.0
package mimir.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Threads: confined. */
class InstanceTest {
    @TempDir
    Path temporary;

    private Map<String, String> environment() {
        return Map.of("TMPDIR", temporary.toString());
    }

    private RuntimeFolder folder() throws LaunchException {
        return RuntimeFolder.make(environment());
    }

    @Test
    void shouldHoldItsNameUntilItEndsAndLeaveNothing() throws Exception {
        try (var instance = Instance.claim(folder(), "lab", "tiny")) {
            assertThat(folder().running()).singleElement().satisfies(card -> {
                assertThat(card.name()).isEqualTo("lab");
                assertThat(card.pid()).isEqualTo(ProcessHandle.current().pid());
                assertThat(card.rig()).isEqualTo("tiny");
            });
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder().lock("lab"))))
                .isEqualTo("rw-------");
            assertThatThrownBy(() -> Instance.claim(folder(), "lab", "tiny")).isInstanceOf(LaunchException.class)
                .hasMessageMatching("lab runs already \\(process \\d+, since .*, rig tiny\\): give it commands with "
                    + "./mimir exec --to lab 'COMMANDS', or start another beside it with --name OTHER\\.");
            assertThat(instance.properties()).containsEntry("mimir.instance", "lab");
        }
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void shouldTakeOverWhatAKilledOneLeft() throws Exception {
        Files.writeString(folder().lock("lab"), "pid 1\nsince 2026-01-01T00:00:00Z\nrig old\n");
        Files.writeString(folder().lock("half"), "pid");
        assertThat(folder().running()).isEmpty();

        try (var lab = Instance.claim(folder(), "lab", "new");
                var half = Instance.claim(folder(), "half", "two\nlines")) {
            assertThat(folder().running()).extracting(Instance.Card::rig).containsExactly("two lines", "new");
            assertThat(lab.name() + half.name()).isEqualTo("labhalf");
        }
    }

    @Test
    void shouldRefuseAFolderThatIsNotItsOwn() throws IOException {
        var link = Files.createSymbolicLink(temporary.resolve("mimir-" + PrivateFolder.uid()), Files.createDirectory(
            temporary.resolve("elsewhere"), PrivateFolder.forUserOnly("rwx------")));
        assertThatThrownBy(this::folder).isInstanceOf(LaunchException.class).hasMessageContaining("is a link");
        Files.delete(link);

        Files.setPosixFilePermissions(Files.createDirectory(link), PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(this::folder).isInstanceOf(LaunchException.class).hasMessageContaining("Others may write");
    }

    @Test
    void shouldTakeTheFolderOfTheSessionOnlyIfItIsTheUsers() throws Exception {
        var own = Files.createDirectory(temporary.resolve("run"));
        assertThat(RuntimeFolder.make(Map.of("XDG_RUNTIME_DIR", own.toString(), "TMPDIR", temporary.toString())).path())
            .isEqualTo(own.resolve("mimir"));
        assertThat(RuntimeFolder.make(Map.of("XDG_RUNTIME_DIR", "/nonexistent", "TMPDIR", temporary.toString())).path())
            .isEqualTo(temporary.resolve("mimir-" + PrivateFolder.uid()));
    }

    @Test
    void shouldKnowFromTheCommandLineWhoTakesAName() {
        assertThat(Wanted.of(List.of())).isEqualTo(new Wanted("mimir", "six-cameras"));
        assertThat(Wanted.of(List.of("run", "--name", "lab", "--rig=tiny"))).isEqualTo(new Wanted("lab", "tiny"));
        assertThat(Wanted.of(List.of("--rig", "tiny"))).isEqualTo(new Wanted("mimir", "tiny"));
        for (var line : List.of("exec sources", "--version", "--help", "run --help", "run --name ../x", "nonsense",
                "run --name")) {
            assertThat(Wanted.of(List.of(line.split(" "))).name()).as(line).isNull();
        }
    }
}
