// SPDX-License-Identifier: Apache-2.0
package mimir.itests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The console without a terminal: piped and closed input, and signals. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(120)
class ConsoleTest {
    @TempDir
    Path scratch;

    @Test
    void shouldRunPipedLinesWithoutPromptsAndExitWithTheLastStatus() {
        var good = Mimir.with(scratch, "--rig", "tiny").input("nonsense\nmimir:sources\nsources --json\n").run()
                .exits(0).says("nonsense").leavesNothing();
        assertTrue(good.out().contains("sim.") && good.out().contains("\"sources\""), good::out);
        assertFalse(good.out().contains("mimir>") || good.out().contains("g!"), good::out);

        var bad = Mimir.with(scratch, "--rig", "tiny").input("sources\nmimir:swap no.such.driver\nnonsense\n").run()
                .exits(2).says("no.such.driver").says("nonsense");
        assertTrue(bad.out().contains("sim.") && !bad.out().contains("swapped"), bad::out);
        Mimir.with(scratch, "--rig", "tiny").input("exit 7\nnonsense\n").run().exits(7);
    }

    @Test
    void shouldExitWithZeroWhenInputIsClosed() {
        assertEquals("", Mimir.with(scratch, "--rig", "tiny").run().exits(0).leavesNothing().out());
    }

    @Test
    void shouldStopCleanlyWithinTwoSecondsOfATermination() throws Exception {
        var mimir = Mimir.with(scratch, "run", "--rig", "tiny", "--for", "60s").start().untilItSays("running");
        stop(mimir, "TERM", 143);
    }

    /** A line that replaces what reads lines is done to its end; the rest of the pipe is nobody's. */
    @Test
    void shouldStayUpWhenALineUpdatesTheShellAndStopAtAnInterrupt() throws Exception {
        var mimir = Mimir.with(scratch, "--rig", "tiny").input("update mimir.shell\nnonsense\n").start()
                .untilItSays("the shell began anew and reads no more lines here; ./mimir exec --to gives commands");
        assertFalse(mimir.err().contains("nonsense") || mimir.err().contains("given up"), mimir::err);
        stop(mimir, "INT", 130);
    }

    private static void stop(Mimir mimir, String signal, int code) throws Exception {
        long begin = System.nanoTime();
        new ProcessBuilder("kill", "-" + signal, Long.toString(mimir.process().pid())).start().waitFor();
        mimir.await(Duration.ofSeconds(40));
        long ms = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);

        mimir.exits(code).leavesNothing();
        assertTrue(ms < 2000, "stopping took " + ms + " ms");
    }
}
