// SPDX-License-Identifier: Apache-2.0
package mimir.shell.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import mimir.api.BadInputException;
import mimir.shell.line.Durations;
import mimir.shell.line.Given;
import mimir.shell.line.Option;
import mimir.shell.line.Syntax;

/** What the platform logged, from its file. Thread-safe. */
final class LogCommand implements Command {
    private static final String LAST = "50";
    private static final List<String> LEVELS = List.of("INFO", "WARN", "ERROR");

    private final Path file;

    /** @param file null where this process keeps no log */
    LogCommand(Path file) {
        this.file = file;
    }

    @Override
    public Syntax syntax() {
        return Syntax.of("log", "what the platform logged, in this run and before",
                Option.value("--last", "N", "how many entries; " + LAST + " when left out"),
                Option.value("--level", "LEVEL", "only of this level and worse: info, warn, error"),
                Option.flag("--follow", "say more as they come, until Ctrl-C"),
                Option.value("--for", "DURATION", "follow for so long"), Json.OPTION);
    }

    @Override
    public boolean needsRig() {
        return false;
    }

    @Override
    public Answer run(Given given, Consumer<String> progress) {
        return run(given, progress, progress);
    }

    @Override
    public Answer run(Given given, Consumer<String> progress, Consumer<String> lines) {
        int last = last(given.value("--last", LAST));
        int level = level(given.value("--level", LEVELS.getFirst()));
        var limit = given.has("--for") ? Durations.parse("--for", given.value("--for", "")) : null;
        if (file == null) {
            throw new IllegalStateException("this Mimir keeps no log, because it has no name or no folder for it;"
                    + " ./mimir exec --to NAME log asks one that does");
        }
        boolean json = given.has("--json");
        try (var tail = new LogTail(file)) {
            var entries = tail.read().stream().filter(entry -> level(entry) >= level).toList();
            var shown = entries.subList(Math.max(0, entries.size() - last), entries.size());
            if (!given.has("--follow") && limit == null) {
                return json ? Json.answer(shown.stream().map(LogEntry::values).toList())
                        : Answer.of(String.join("\n", shown.stream().map(LogEntry::line).toList()));
            }
            shown.forEach(entry -> lines.accept(text(entry, json)));
            follow(tail, level, limit, entry -> lines.accept(text(entry, json)));
            return Answer.of("");
        } catch (IOException e) {
            throw new UncheckedIOException("the log " + file + " cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private static void follow(LogTail tail, int level, Duration limit, Consumer<LogEntry> told) throws IOException {
        long begin = System.nanoTime();
        try {
            while (!Thread.currentThread().isInterrupted()
                    && (limit == null || System.nanoTime() - begin < limit.toNanos())) {
                tail.await();
                tail.more().stream().filter(entry -> level(entry) >= level).forEach(told);
            }
        } catch (ClosedByInterruptException over) {
            Thread.currentThread().interrupt(); // whoever asked does not wait any more
        }
    }

    private static String text(LogEntry entry, boolean json) {
        return json ? Json.line(entry.values()) : entry.line();
    }

    private static int last(String text) {
        if (!text.matches("\\d{1,6}")) {
            throw new BadInputException("--last cannot be '" + text + "': give a number of entries, such as " + LAST);
        }
        return Integer.parseInt(text);
    }

    private static int level(String text) {
        int level = LEVELS.indexOf(text.toUpperCase(Locale.ROOT));
        if (level < 0) {
            throw new BadInputException("--level cannot be '" + text + "': give info, warn or error");
        }
        return level;
    }

    /** An audit, which has no level, is as bad as the worst. */
    private static int level(LogEntry entry) {
        int level = LEVELS.indexOf(entry.level());
        return level < 0 ? LEVELS.size() : level;
    }

    @Override
    public List<String> candidates(String option, List<String> arguments) {
        return "--level".equals(option) ? LEVELS.stream().map(level -> level.toLowerCase(Locale.ROOT)).toList()
                : List.of();
    }
}
