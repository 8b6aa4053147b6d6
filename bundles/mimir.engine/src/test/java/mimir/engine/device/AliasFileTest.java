// SPDX-License-Identifier: Apache-2.0
package mimir.engine.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import mimir.api.BadInputException;
import mimir.api.source.DeviceIdentity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AliasFileTest {
    private static final Present CAMERA = new Present("cam.1", "", new DeviceIdentity("model", "S1", "usb-1"));
    private static final Present OTHER = new Present("cam.2", "", DeviceIdentity.NONE);

    @TempDir
    Path folder;

    @Test
    void shouldKeepAliasesFromRunToRun() throws IOException {
        new AliasFile(folder).change(all -> all.put("left", CAMERA));

        var next = new AliasFile(folder);
        assertThat(next.all()).isEqualTo(Map.of("left", CAMERA));
        next.change(all -> all.remove("left"));
        assertThat(new AliasFile(folder).all()).isEmpty();
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("aliases.json",
                    "aliases.lock");
        }
        for (var name : List.of("aliases.json", "aliases.lock")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void shouldKeepWhatAnotherInstanceAdded() {
        var one = new AliasFile(folder);
        var other = new AliasFile(folder);
        one.change(all -> all.put("left", CAMERA));
        other.change(all -> all.put("right", OTHER));
        one.change(all -> all.put("middle", OTHER));

        assertThat(other.all()).containsOnlyKeys("left", "middle", "right");
    }

    @Test
    void shouldSayThatTheFileIsDamagedAndLeaveIt() throws IOException {
        var file = Files.writeString(folder.resolve("aliases.json"), "{\"schema\":\"mimir.aliases\"}");
        var aliases = new AliasFile(folder);

        assertThatThrownBy(aliases::all).isInstanceOf(IllegalStateException.class).hasMessage("the aliases in " + file
                + " cannot be used (it is not of schema mimir.aliases 1.0): correct the file or remove it");
        assertThatThrownBy(() -> aliases.change(all -> all.put("left", CAMERA)))
                .isInstanceOf(IllegalStateException.class);
        assertThat(file).hasContent("{\"schema\":\"mimir.aliases\"}");
    }

    /** As on a full disk: nobody is told to remove a sound file. */
    @Test
    void shouldSayThatTheDiskRefusesAndLeaveNothing() throws IOException {
        Files.createDirectory(folder.resolve("aliases.lock"));
        assertThatThrownBy(() -> new AliasFile(folder).change(all -> all.put("left", CAMERA)))
                .isInstanceOf(IllegalStateException.class).message().startsWith("the aliases in ")
                .contains(" cannot be written (").endsWith("): make room there or correct the folder's permissions");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(folder.resolve("aliases.lock"));
        }
    }

    @Test
    void shouldChangeNothingWhenTheChangeIsRefused() {
        for (var aliases : new AliasFile[] {new AliasFile(folder), new AliasFile(null)}) {
            aliases.change(all -> all.put("left", CAMERA));
            assertThatThrownBy(() -> aliases.change(all -> {
                all.clear();
                throw new BadInputException("no");
            })).hasMessage("no");
            assertThat(aliases.all()).containsOnlyKeys("left");
        }
    }
}
