// SPDX-License-Identifier: Apache-2.0
package mimir.swap.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RefusedTest {
    private static final int ROUNDS = 300;
    @TempDir
    Path folder;

    @Test
    void shouldShowTheReasonWhole() throws Exception {
        var refused = Refused.below(folder);
        for (int i = 0; i < ROUNDS; i++) {
            var name = "lamp" + i + ".jar";
            var reason = folder.resolve("refused").resolve(name + ".reason");
            var read = CompletableFuture.supplyAsync(() -> firstSeen(reason));

            refused.put(Files.createFile(folder.resolve(name)), folder.resolve(name) + " is unknown");

            assertEquals(folder.resolve("refused").resolve(name) + " is unknown" + System.lineSeparator(), read.get());
        }
    }

    private static String firstSeen(Path file) {
        try {
            while (!Files.exists(file)) {
                Thread.onSpinWait();
            }
            return Files.readString(file);
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }
}
