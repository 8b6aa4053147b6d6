// SPDX-License-Identifier: Apache-2.0
package mimir.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.service.log.Logger;

/** Threads: confined. */
class HistoryTest {
    @TempDir
    Path home;

    private int lines;
    private final Logger log = (Logger) Proxy.newProxyInstance(HistoryTest.class.getClassLoader(),
            new Class<?>[] {Logger.class}, (proxy, method, arguments) -> {
                lines++;
                return null;
            });

    @Test
    void shouldBeForItsUserOnly() throws IOException {
        var file = History.file(home, log).orElseThrow();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        assertThat(History.file(home, log)).hasValue(file);
    }

    @Test
    void shouldDoWithoutWhereThereIsNoPlace() throws IOException {
        var file = Files.writeString(home.resolve("file"), "no folder");

        assertThat(History.file(file, log)).isEmpty();
        assertThat(History.file(null, log)).isEmpty();
        assertThat(lines).isEqualTo(2);
    }
}
