// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import mimir.api.BadInputException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Threads: confined. */
class LogCommandTest {
    private static final String TIME = "2026-01-31T10:00:00.000Z ";
    private static final Consumer<String> NOBODY = line -> { };

    @TempDir
    Path folder;

    private Path file;
    private LogCommand command;

    @BeforeEach
    void write() throws IOException {
        file = folder.resolve("mimir.log");
        command = new LogCommand(file);
        Files.writeString(folder.resolve("mimir.log.1"), TIME + "WARN  a.bundle: old\n");
        Files.writeString(file, TIME + "INFO  a.bundle: begun: now\n" + TIME + "ERR" + "\n" + TIME
                + "ERROR b.bundle: no camera (unplugged)\n" + TIME + "WARN  a.bundle: half wr");
    }

    private String run(String... words) {
        return command.run(command.syntax().parse(List.of(words)), NOBODY).text();
    }

    @Test
    void shouldShowTheLastWholeEntriesAlsoOfTheFileThatWasPutAside() {
        assertThat(run()).isEqualTo(TIME + "WARN  a.bundle: old\n" + TIME + "INFO  a.bundle: begun: now\n" + TIME
                + "ERROR b.bundle: no camera (unplugged)");
        assertThat(run("--last", "1")).isEqualTo(TIME + "ERROR b.bundle: no camera (unplugged)");
        assertThat(run("--level", "warn")).contains("old").contains("no camera").doesNotContain("begun");
        assertThat(run("--last", "1", "--json")).contains("\"time\"", "\"ERROR\"", "b.bundle", "no camera (unplugged)");
    }

    @Test
    void shouldRefuseInOneSentence() {
        assertThatThrownBy(() -> run("--last", "many")).isInstanceOf(BadInputException.class)
                .hasMessage("--last cannot be 'many': give a number of entries, such as 50");
        assertThatThrownBy(() -> run("--level", "loud")).isInstanceOf(BadInputException.class)
                .hasMessage("--level cannot be 'loud': give info, warn or error");
        command = new LogCommand(null);
        assertThatThrownBy(this::run).isInstanceOf(IllegalStateException.class).hasMessageContaining("keeps no log");
    }

    @Test
    void shouldFollowOverTheEndOfAFile() throws IOException {
        try (var tail = new LogTail(file)) {
            tail.read();
            append(file, "itten\n" + TIME + "INFO  a.bundle: two\n");
            Files.move(file, folder.resolve("mimir.log.1"), StandardCopyOption.REPLACE_EXISTING);
            assertThat(tail.more()).extracting(LogEntry::message).containsExactly("half written", "two");
            append(folder.resolve("mimir.log.1"), TIME + "INFO  a.bundle: late\n");
            append(file, TIME + "INFO  a.bundle: three\n");
            assertThat(tail.more()).extracting(LogEntry::message).containsExactly("late", "three");
            assertThat(tail.more()).isEmpty();
        }
    }

    @Test
    void shouldSayWhatComesForAsLongAsItIsWanted() {
        var said = new ArrayList<String>();

        command.run(command.syntax().parse(List.of("--last", "1", "--follow", "--for", "10ms", "--json")), NOBODY,
                said::add);

        assertThat(said).singleElement().asString().startsWith("{\"time\":").contains("no camera");
    }

    private static void append(Path to, String text) throws IOException {
        Files.writeString(to, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
