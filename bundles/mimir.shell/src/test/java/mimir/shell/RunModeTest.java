// SPDX-License-Identifier: Apache-2.0
package mimir.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import mimir.shell.command.FakeServices;
import mimir.shell.command.GogoCommands;
import mimir.shell.line.CommandLine;
import mimir.shell.line.CommandLine.Choice;
import mimir.shell.line.CommandLine.Timed;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.apache.felix.service.command.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sequence of a run, with the real Gogo and a platform that keeps a diary. Threads: confined. */
class RunModeTest {
    private static final Choice RIG = new Choice("tiny", Map.of("fps", "5"));
    private static final Duration SHORT = Duration.ofMillis(30);

    @TempDir
    Path folder;

    @TempDir
    Path data;

    private final Diary diary = new Diary();
    private final ThreadIOImpl io = new ThreadIOImpl();
    private CommandProcessorImpl processor;
    private Stage stage;

    @BeforeEach
    void open() {
        io.start();
        processor = new CommandProcessorImpl(io);
        processor.addCommand("mimir", (Function) (session, words) -> diary.write("command " + words.getFirst()),
                "note");
        processor.addCommand("mimir", (Function) (session, words) -> session.put(GogoCommands.EXIT, 7), "leave");
        stage = stage();
    }

    private Stage stage() {
        return new Stage(new FakeServices(diary.rigs(), diary.reporter()), processor,
                new Memory(data.resolve("begun").toFile(), "1", null));
    }

    @AfterEach
    void close() {
        io.stop();
    }

    @Test
    void shouldReportAfterTheDevicesWent() {
        var report = folder.resolve("r.json");
        var timed = List.of(new Timed(Duration.ofMillis(5), "note early"), new Timed(SHORT, "note late"));

        int code = new RunMode(stage, new CommandLine.Run(RIG, SHORT, timed, "note last", report)).run(diary.worker());

        assertThat(code).isZero();
        assertThat(diary.lines()).containsExactly("load tiny {fps=5}", "await", "begin 10 ms", "command early",
                "command late", "end", "command last", "unload", "json", "findings");
        assertThat(report).hasContent("{\"schema\":\"mimir.report\"}");
    }

    @Test
    void shouldFinishARunInWhichACommandFailed() {
        var report = folder.resolve("r.json");
        var timed = List.of(new Timed(Duration.ofMillis(1), "nonsense"));

        int code = new RunMode(stage, new CommandLine.Run(RIG, SHORT, timed, "note last", report)).run(diary.worker());

        assertThat(code).isEqualTo(2);
        assertThat(diary.lines()).contains("command last", "unload");
        assertThat(report).exists();
    }

    @Test
    void shouldEndARunEarlyWhenACommandAsksForIt() {
        var timed = List.of(new Timed(Duration.ofMillis(1), "leave"), new Timed(Duration.ofHours(1), "note never"));

        int code = new RunMode(stage, new CommandLine.Run(RIG, null, timed, null, null)).run(diary.worker());

        assertThat(code).isEqualTo(7);
        assertThat(diary.lines()).endsWith("end", "unload", "findings").doesNotContain("command never");
    }

    @Test
    void shouldTakeTheRigDownWhenItsSourcesDoNotCome() {
        diary.refuseSources();

        assertThatThrownBy(() -> new RunMode(stage, new CommandLine.Run(RIG, SHORT, List.of(), null,
                folder.resolve("r.json"))).run(diary.worker())).hasMessage("cam.1 did not come");

        assertThat(diary.lines()).containsExactly("load tiny {fps=5}", "await", "unload");
        assertThat(Files.exists(folder.resolve("r.json"))).isFalse();
    }

    @Test
    void shouldGoOnWhereAFormerLifeOfTheShellWas() {
        assertThat(linesOfASecondLife()).containsExactly("end", "command last", "unload", "findings");
    }

    @Test
    void shouldBringTheRigUpAgainWhenTheEngineBeganAnewAsWell() {
        diary.forgetRig();

        assertThat(linesOfASecondLife()).containsExactly("load tiny {fps=5}", "await", "end", "command last",
                "unload", "findings");
    }

    @Test
    void shouldMakeUpForWhatFellDueWhileThereWasNoShell() {
        var leave = new Timed(Duration.ofNanos(1), "leave");
        var late = new Timed(Duration.ofNanos(2), "note late");
        new RunMode(stage, new CommandLine.Run(RIG, null, List.of(leave), null, null)).run(diary.worker());
        var run = new CommandLine.Run(RIG, SHORT, List.of(leave, late), "note last", null);
        int before = diary.lines().size();

        new RunMode(stage(), run).run(diary.worker());
        new RunMode(stage(), run).run(diary.worker()); // as after a last command that updates the shell

        assertThat(diary.lines().subList(before, diary.lines().size())).containsExactly("command late", "end",
                "command last", "unload", "findings", "end", "unload", "findings");
    }

    private List<String> linesOfASecondLife() {
        var timed = List.of(new Timed(Duration.ofNanos(1), "note early"));
        var former = new CommandLine.Run(RIG, null, List.of(new Timed(Duration.ofNanos(1), "leave")), null, null);
        new RunMode(stage, former).run(diary.worker());
        int before = diary.lines().size();
        new RunMode(stage(), new CommandLine.Run(RIG, SHORT, timed, "note last", null)).run(diary.worker());
        return diary.lines().subList(before, diary.lines().size());
    }

    @Test
    void shouldTouchNothingOnceThePlatformStops() {
        stage.stop();

        new RunMode(stage, new CommandLine.Run(RIG, null, List.of(), null, null)).run(diary.worker());

        assertThat(diary.lines()).containsExactly("load tiny {fps=5}", "await");
    }
}
