// SPDX-License-Identifier: Apache-2.0
package mimir.itests.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The console at a terminal: a prompt, keys, and Ctrl-C where it stops Mimir. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(120)
class TerminalTest {
    private static final String CTRL_C = "\u0003";
    private static final String CTRL_D = "\u0004";
    private static final String PROMPT = "mimir> ";

    @TempDir
    Path scratch;

    @Test
    void shouldCompleteHelpGiveALineUpAndEndAtCtrlD() {
        var mimir = atPrompt();
        mimir.types("sour\t").untilItShows(1, "sources").types("\r").untilItShows(1, "sim.camera.1");
        mimir.untilItShows(2, PROMPT).types("help export\r").untilItShows(1, "--last");
        mimir.untilItShows(3, PROMPT).types("nonsense" + CTRL_C).untilItShows(4, PROMPT).types(CTRL_D);

        mimir.await(Duration.ofSeconds(40)).exits(0).leavesNothing();
        assertTrue(!mimir.out().contains("no command"), mimir::out);
    }

    @Test
    void shouldStopCleanlyAtCtrlCWhileACommandRuns() {
        var mimir = atPrompt().types("log --follow\r").untilItShows(1, "INFO");

        mimir.types(CTRL_C).await(Duration.ofSeconds(40)).exits(130).leavesNothing();
    }

    @Test
    void shouldGiveUpAnExportAtCtrlCAndGoOn() {
        var mimir = atPrompt("--budget", "256MiB");
        mimir.types("window open later --post 20s\r").untilItShows(1, "later is kept");

        mimir.types("export --window later --to out\r").untilItShows(1, "still fills").types(CTRL_C)
                .untilItShows(1, "was interrupted; nothing was written").untilItShows(3, PROMPT).types(CTRL_D);

        mimir.await(Duration.ofSeconds(40)).exits(0).leavesNothing();
    }

    private Mimir atPrompt(String... more) {
        var words = Stream.concat(Stream.of("--rig", "tiny"), Stream.of(more)).toArray(String[]::new);
        return Mimir.with(scratch, words).atTerminal().start().untilItShows(1, PROMPT);
    }
}
