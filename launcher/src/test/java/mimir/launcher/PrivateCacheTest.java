// SPDX-License-Identifier: Apache-2.0
package mimir.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Threads: confined. */
class PrivateCacheTest {
    /** Above the largest PID that a system gives. */
    private static final long NO_PROCESS = 1L << 40;

    @TempDir
    Path parent;

    @Test
    void shouldBeOpenToItsUserOnlyAndLeaveNothing() throws IOException {
        try (var cache = PrivateCache.create(parent)) {
            var permissions = PosixFilePermissions.toString(Files.getPosixFilePermissions(cache.path()));
            assertThat(permissions).isEqualTo("rwx------");
            Files.createDirectories(cache.path().resolve("framework/bundle1"));
        }

        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void shouldRemoveWhatADeadProcessLeft() throws IOException {
        Files.createDirectories(parent.resolve("mimir-" + NO_PROCESS + "-1/framework/bundle1"));

        PrivateCache.create(parent).close();

        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void shouldKeepTheFolderOfALiveProcessAndOtherPeoplesNames() throws IOException {
        var alive = Files.createDirectory(parent.resolve("mimir-" + ProcessHandle.current().pid() + "-1"));
        var other = Files.createDirectory(parent.resolve("mimir-1st-notes"));

        PrivateCache.create(parent).close();

        assertThat(parent.toFile().listFiles()).containsExactlyInAnyOrder(alive.toFile(), other.toFile());
    }
}
