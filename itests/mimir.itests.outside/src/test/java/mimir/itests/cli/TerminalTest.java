// SPDX-License-Identifier: Apache-2.0
package mimir.itests.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
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

    private Mimir atPrompt() {
        return Mimir.with(scratch, "--rig", "tiny").atTerminal().start().untilItShows(1, PROMPT);
    }
}
