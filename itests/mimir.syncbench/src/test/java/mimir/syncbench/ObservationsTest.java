// SPDX-License-Identifier: Apache-2.0
package mimir.syncbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of observations: what comes out of them, and what is none. */
class ObservationsTest {
    @TempDir
    Path folder;

    @Test
    void shouldHoldWhatWasObservedAgainstTheTruth() throws IOException {
        var file = folder.resolve("run.txt");
        var device = new Device(Scenarios.builtIn("a1"), 3);
        var text = new StringBuilder("mimir.observations 1\nclock 0 192000.0 mic\nclock 1 192000.0 untold\n");
        for (int i = 0; i < 60_000 && device.next(); i++) {
            long trueNs = device.hostNs() - Math.round(device.error(device.hostNs()));
            text.append("0 1 ").append(device.deviceTime()).append(' ').append(device.hostNs()).append(' ')
                    .append(trueNs).append('\n');
        }
        Files.writeString(file, text);

        var out = run("--observations", file.toString());

        assertThat(out).startsWith("0 mic: observations ").contains("mic: 100 looks, in the stated interval")
                .contains("1 of 1 goals met").contains("beside dll").doesNotContain("untold");
        assertThat(run("--observations", file.toString())).isEqualTo(out);
    }

    @Test
    void shouldSayInWhichLineAFileIsNone() throws IOException {
        refuses("what is this", 1, "'mimir.observations 1'");
        refuses("mimir.observations 1\nclock 0 0 mic", 2, "a clock or an item of one");
        refuses("mimir.observations 1\nclock 0 48000 mic\n0 1 2", 3, "a clock or an item of one");
        refuses("mimir.observations 1\nclock 0 48000 mic\n1 1 2 3", 3, "a clock or an item of one");
        assertThatThrownBy(() -> Observations.read(folder.resolve("nowhere"))).isInstanceOf(BadUseException.class)
                .hasMessageEndingWith("nowhere cannot be read: it is not there");
    }

    @Test
    void shouldSayThatNoTruthIsTold() throws IOException {
        var file = Files.writeString(folder.resolve("run.txt"), "mimir.observations 1\nclock 0 48000 mic\n0 1 2 3\n");

        assertThat(run("--observations", file.toString())).startsWith("2 no item of " + file + " tells its true time");
    }

    private void refuses(String text, int line, String wanted) throws IOException {
        var file = Files.writeString(folder.resolve("bad.txt"), text);
        assertThatThrownBy(() -> Observations.read(file)).isInstanceOf(BadUseException.class)
                .hasMessageContaining("line " + line + " is not " + wanted);
    }

    private static String run(String... words) {
        var text = new ByteArrayOutputStream();
        var out = new PrintStream(text, true, StandardCharsets.UTF_8);
        int status = Main.run(words, out, out);
        return status + " " + text.toString(StandardCharsets.UTF_8);
    }
}
