// SPDX-License-Identifier: Apache-2.0
package mimir.itests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
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

    /** A program at the other end of the pipe waits for the answer before it asks again. */
    @Test
    void shouldRunEachLineOfAnOpenPipeAsItComes() throws Exception {
        var mimir = Mimir.with(scratch, "--rig", "tiny").piped().start()
                .types("sources\n").untilItShows(1, "SOURCE").types("rings\n").untilItShows(1, "RING");
        new ProcessBuilder("kill", "-TERM", Long.toString(mimir.process().pid())).start().waitFor();
        mimir.await(Duration.ofSeconds(40)).exits(143).leavesNothing();
    }

    @Test
    void shouldExitWithZeroWhenInputIsClosed() {
        assertEquals("", Mimir.with(scratch, "--rig", "tiny").run().exits(0).leavesNothing().out());
    }

    @Test
    void shouldStopCleanlyWithinTwoSecondsOfATermination() throws Exception {
        stopsInTime("TERM", 143, () -> Mimir.with(scratch, "run", "--rig", "tiny", "--for", "60s").start()
                .untilItSays("running"));
    }

    /** A line that replaces what reads lines is done to its end; the rest of the pipe is nobody's. */
    @Test
    void shouldStayUpWhenALineUpdatesTheShellAndStopAtAnInterrupt() throws Exception {
        stopsInTime("INT", 130, () -> {
            var mimir = Mimir.with(scratch, "--rig", "tiny").input("update mimir.shell\nnonsense\n").start()
                    .untilItSays("the shell began anew and reads no more lines here; ./mimir exec --to gives commands");
            assertFalse(mimir.err().contains("nonsense") || mimir.err().contains("given up"), mimir::err);
            return mimir;
        });
    }

    /** Cleanly each time, and in time in one of three rounds: other platforms begin beside it meanwhile. */
    private static void stopsInTime(String signal, int code, Callable<Mimir> starts) throws Exception {
        long best = Long.MAX_VALUE;
        for (int round = 0; round < 3 && best >= 2000; round++) {
            var mimir = starts.call();
            long begin = System.nanoTime();
            new ProcessBuilder("kill", "-" + signal, Long.toString(mimir.process().pid())).start().waitFor();
            mimir.await(Duration.ofSeconds(40));
            best = Math.min(best, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
            mimir.exits(code).leavesNothing();
        }
        assertTrue(best < 2000, "stopping took " + best + " ms at best");
    }
}
