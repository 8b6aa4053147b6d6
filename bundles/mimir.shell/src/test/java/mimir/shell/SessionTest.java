// SPDX-License-Identifier: Apache-2.0
package mimir.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import mimir.api.BadInputException;
import mimir.shell.command.GogoCommands;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.apache.felix.service.command.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The statuses of a session, with the real Gogo. Threads: confined. */
class SessionTest {
    private final List<String> ran = new ArrayList<>();
    private final ThreadIOImpl io = new ThreadIOImpl();
    private Session session;

    @BeforeEach
    void open() {
        io.start();
        var processor = new CommandProcessorImpl(io);
        command(processor, "good", () -> { });
        command(processor, "bad", () -> {
            throw new IllegalStateException("the disk is full");
        });
        command(processor, "odd", () -> {
            throw new BadInputException("no such thing");
        });
        processor.addCommand("mimir", (Function) (own, arguments) -> own.put(GogoCommands.EXIT, 7), "leave");
        processor.addCommand("mimir", (Function) (own, arguments) -> {
            ran.addAll(arguments.stream().map(String::valueOf).toList());
            return null;
        }, "words");
        session = new Session(processor);
    }

    private void command(CommandProcessorImpl processor, String name, Runnable body) {
        processor.addCommand("mimir", (Function) (own, arguments) -> {
            ran.add(name);
            body.run();
            return null;
        }, name);
    }

    @AfterEach
    void close() {
        session.close();
        io.stop();
    }

    @Test
    void shouldHaveTheStatusOfTheLastCommandThatRan() {
        assertThat(session.execute("good; mimir:good")).isZero();
        assertThat(session.execute("good; bad; good")).isEqualTo(1);
        assertThat(session.execute("odd")).isEqualTo(2);
        assertThat(ran).containsExactly("good", "good", "good", "bad", "odd");
        assertThat(session.code()).isEqualTo(2);
        assertThat(session.execute("good")).isZero();
    }

    @Test
    void shouldTakeWhatGogoCannotReadAsBadInput() {
        assertThat(session.execute("nonsense")).isEqualTo(2);
        assertThat(session.execute("good 'open")).isEqualTo(2);
        assertThat(session.execute("good )")).isEqualTo(2);
        assertThat(ran).isEmpty();
    }

    @Test
    void shouldLeavePatternsToTheCommands() {
        assertThat(session.execute("words sim.camera.* * cam.? threshold=4 ~/x 'a b'; words *.jar")).isZero();
        assertThat(ran).containsExactly("sim.camera.*", "*", "cam.?", "threshold=4", "~/x", "a b", "*.jar");
    }

    @Test
    void shouldEndWithTheCodeThatACommandAskedFor() {
        session.execute("leave");

        assertThat(session.exit()).hasValue(7);
        assertThat(session.code()).isEqualTo(7);
    }

    @Test
    void shouldSpeakInOneSentence() {
        assertThat(Faults.sentence(new IllegalStateException("two\n  lines"))).isEqualTo("two lines");
        assertThat(Faults.sentence(new IllegalArgumentException(
                "Cannot coerce stop(Token) to any of [(boolean, Bundle[])]")))
                .isEqualTo("'stop' has no use for these words; felix:help stop tells what it takes");
        assertThat(Faults.sentence(new IllegalStateException())).startsWith("IllegalStateException; MIMIR_DEBUG=1");
    }
}
