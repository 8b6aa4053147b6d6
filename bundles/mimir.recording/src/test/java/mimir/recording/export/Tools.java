// SPDX-License-Identifier: Apache-2.0
package mimir.recording.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Other people's tools, which must agree with what was written. */
final class Tools {
    private Tools() {
    }

    /** Runs a tool and gives what it printed; skips the test where it is not installed. */
    static String run(String... command) throws IOException, InterruptedException {
        assumeTrue(Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(dir -> Path.of(dir, command[0]).toFile().canExecute()),
                "ffprobe or sox is not installed");
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        return printed;
    }

    /** What ffprobe says of the only stream. */
    static String probe(Path file, String entries) throws IOException, InterruptedException {
        return run("ffprobe", "-v", "error", "-count_frames", "-show_entries", "stream=" + entries, "-of",
                "default=nw=1", file.toString());
    }
}
