// SPDX-License-Identifier: Apache-2.0
package mimir.shell.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import mimir.api.BadInputException;
import mimir.shell.line.CommandLine.Choice;
import mimir.shell.line.CommandLine.Timed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Threads: confined. */
class CommandLineParserTest {
    private static final Choice DEFAULT = new Choice("six-cameras", Map.of());

    @TempDir
    Path folder;

    @Test
    void shouldStartTheShellOnTheDefaultRig() {
        assertThat(parse("")).isEqualTo(new CommandLine.Console(DEFAULT));
        assertThat(parse("--rig tiny")).isEqualTo(new CommandLine.Console(new Choice("tiny", Map.of())));
        assertThat(parse("--budget 1.5GiB")).isEqualTo(new CommandLine.Console(new Choice("six-cameras",
                Map.of("budget", "1610612736"))));
        assertThat(parse("--budget 512M")).isEqualTo(parse("--budget 512MiB"));
    }

    @Test
    void shouldReadARunWithItsCommandsInTheOrderOfTime() {
        var report = folder.resolve("r.json");
        var line = CommandLineParser.parse(List.of("run", "--rig", "recorded", "--for", "15s", "--at", "9s", "rings",
                "--at", "3s", "sources; threads", "--exec", "help", "--report", report.toString(), "--data", "d",
                "--fps", "12.5", "--loop", "false"));

        assertThat(line).isEqualTo(new CommandLine.Run(
                new Choice("recorded", Map.of("data", "d", "fps", "12.5", "loop", "false")), Duration.ofSeconds(15),
                List.of(new Timed(Duration.ofSeconds(3), "sources; threads"),
                        new Timed(Duration.ofSeconds(9), "rings")),
                "help", report));
    }

    @Test
    void shouldRunUntilASignalWithoutFor() {
        assertThat(parse("run")).isEqualTo(new CommandLine.Run(DEFAULT, null, List.of(), null, null));
    }

    @Test
    void shouldReadExecOnEitherSideOfItsOptions() {
        var wanted = new CommandLine.Exec(new Choice("tiny", Map.of()), "mimir:sources --json");

        assertThat(CommandLineParser.parse(List.of("exec", "mimir:sources --json", "--rig", "tiny"))).isEqualTo(wanted);
        assertThat(CommandLineParser.parse(List.of("exec", "--rig=tiny", "mimir:sources --json"))).isEqualTo(wanted);
    }

    @Test
    void shouldLeaveTheWordsOfAProofToItsCommand() {
        assertThat(parse("soak swap --count 3 --help"))
                .isEqualTo(new CommandLine.Proof("soak", List.of("swap", "--count", "3", "--help")));
        assertThat(parse("tck")).isEqualTo(new CommandLine.Proof("tck", List.of()));
    }

    @ParameterizedTest
    @CsvSource({"help", "--help", "-h", "run --help", "exec -h"})
    void shouldHelp(String words) {
        assertThat(parse(words)).isEqualTo(new CommandLine.Help());
        assertThat(CommandLineParser.help()).contains("./mimir run [--rig NAME|FILE] [--for DURATION]", "--loop");
    }

    @ParameterizedTest
    @CsvSource(delimiterString = "=>", quoteCharacter = '\0', textBlock = """
            juggle => Mimir does not know 'juggle'; it knows run, exec, read, bench, sync-bench, soak, tck, help, \
            --help and --version, and starts its shell without any of them
            bench --rounds 2 => bench is a process of its own, started by the script ./mimir on Linux, as in \
            ./mimir bench
            exec --rig tiny --to lab sources => exec --to is a process of its own, started by the script ./mimir on \
            Linux; elsewhere type the commands at the prompt of the Mimir that runs
            run --sideways => run has no option --sideways; it has --rig, --for, --at, --exec, --report, --data, \
            --fps, --loop, --budget, --load, --name
            --sideways => mimir has no option --sideways; it has --rig, --data, --fps, --loop, --budget, --load, --name
            run --for => run --for needs a value: --for DURATION (how long, from when all sources are up; until a \
            signal when left out)
            run --at 3s => run --at needs two values: --at DURATION COMMANDS (commands so long after the start)
            run --for 1s --for 2s => run takes --for once; leave one out
            run tiny => run has no use for 'tiny'; usage: run [--rig NAME|FILE] [--for DURATION] \
            [--at DURATION COMMANDS]… [--exec COMMANDS] [--report FILE] [--data DIR] [--fps N] \
            [--loop true|false] [--budget SIZE] [--load DIR] [--name NAME]
            exec => exec needs more; usage: exec 'COMMANDS' [--to NAME] [--rig NAME|FILE] [--data DIR] \
            [--fps N] [--loop true|false] [--budget SIZE] [--load DIR]
            run --for 3s --at 4s rings => --at 4s lies behind the end of the run, --for 3s; give an earlier instant or \
            use --exec
            run --exec rings => run --exec needs --for: what comes after a run needs its end; give its length, such as \
            --for 30s
            run --fps fast => --fps cannot be 'fast': give a number of pictures per second, such as 10
            run --fps 0 => --fps cannot be '0': give a number of pictures per second, such as 10
            run --name ../x => --name cannot be '../x': give up to 32 letters, digits, dots, dashes and underscores, a \
            letter or a digit first
            run --budget much => --budget cannot be 'much': give an amount such as 512MiB or 4GiB
            run --budget 0G => --budget cannot be '0G': give an amount such as 512MiB or 4GiB
            run --budget 4096 => --budget cannot be '4096': give an amount such as 512MiB or 4GiB
            run --loop maybe => --loop cannot be 'maybe': give true or false
            """)
    void shouldRefuseInOneSentence(String words, String sentence) {
        assertThatThrownBy(() -> parse(words)).isInstanceOf(BadInputException.class).hasMessage(sentence);
    }

    @Test
    void shouldReadWhomCommandsAreFor() {
        assertThat(CommandLineParser.execTo(List.of("--to", "lab", "sources; rings")))
                .isEqualTo(new CommandLine.ExecTo("lab", "sources; rings"));
        assertThatThrownBy(() -> CommandLineParser.execTo(List.of("--to", "lab", "--rig", "tiny", "sources")))
                .isInstanceOf(BadInputException.class).hasMessageStartingWith("exec --to takes no --rig: ");
        assertThatThrownBy(() -> CommandLineParser.execTo(List.of("--to", "lab", "--load", "load", "sources")))
                .isInstanceOf(BadInputException.class).hasMessageStartingWith("exec --to takes no --load: ");
        assertThatThrownBy(() -> CommandLineParser.execTo(List.of("--to=../x", "sources")))
                .isInstanceOf(BadInputException.class).hasMessageStartingWith("--to cannot be '../x'");
    }

    @Test
    void shouldLookAtTheFolderOfTheReportBeforeTheRun() {
        var missing = folder.resolve("no/such/r.json");

        assertThatThrownBy(() -> parse("run --for 1s --report " + missing)).isInstanceOf(BadInputException.class)
                .hasMessage("--report " + missing + " cannot be written: " + missing.getParent()
                        + " is not a folder that you may write to; make it first");
        assertThatThrownBy(() -> parse("run --for 1s --report " + folder))
                .hasMessage("--report " + folder + " is a folder; name a file in it");
    }

    private static CommandLine parse(String words) {
        return CommandLineParser.parse(words.isEmpty() ? List.of() : List.of(words.split(" ")));
    }
}
