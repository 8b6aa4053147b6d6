// SPDX-License-Identifier: Apache-2.0
package mimir.shell;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import mimir.api.work.Worker;
import mimir.shell.command.Completion;
import mimir.shell.line.CommandLine;
import org.jline.builtins.Completers.FileNameCompleter;
import org.jline.keymap.KeyMap;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.Reference;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.Signals;
import org.osgi.service.log.Logger;

/**
 * Commands from a person at a terminal, with a prompt, completion and history. The only class that knows JLine, so that
 * the other modes load none of it. Confined to the shell's worker.
 */
final class PromptMode implements Mode {
    private static final String INTERRUPT = "INT";
    private static final int INTERRUPTED = 130; // the status of a process that an interrupt has ended

    private final Stage stage;
    private final CommandLine.Console line;
    private final Completion completion;
    private final Path state;
    private final Logger log;
    private volatile Session talking; // the signals' thread asks it

    /** @param state the folder of what is kept; null where there is none */
    PromptMode(Stage stage, CommandLine.Console line, Completion completion, Path state, Logger log) {
        this.stage = stage;
        this.line = line;
        this.completion = completion;
        this.state = state;
        this.log = log;
    }

    @Override
    public int run(Worker self) {
        return stage.session(line.rig(), session -> {
            try (var terminal = terminal()) {
                talking = session;
                terminal.writer().println("Mimir on " + line.rig().name() + "; try help");
                return converse(session, terminal);
            } catch (IOException e) {
                throw new UncheckedIOException("the terminal cannot be used (" + e.getMessage()
                        + "): pipe the commands in instead", e);
            }
        });
    }

    /** JLine finds its providers through the thread's class loader, which knows no bundle. */
    private static Terminal terminal() throws IOException {
        var thread = Thread.currentThread();
        var former = thread.getContextClassLoader();
        thread.setContextClassLoader(TerminalBuilder.class.getClassLoader());
        try {
            // Signals stay with us: JLine's would stop nothing when Ctrl-C comes while a command runs.
            // By FFM: the other providers unpack a library of their own into the temporary folder, or start stty.
            return TerminalBuilder.builder().system(true).nativeSignals(false).provider("ffm").build();
        } finally {
            thread.setContextClassLoader(former);
        }
    }

    private int converse(Session session, Terminal terminal) {
        var jvms = Signals.registerDefault(INTERRUPT); // the only way to learn what stands there
        try {
            takeInterrupt();
            return converse(session, terminal, reader(terminal));
        } finally {
            Signals.unregister(INTERRUPT, jvms);
        }
    }

    /**
     * Ctrl-C while a command runs gives up the export that it waits for, or else does as the JVM does. JLine takes the
     * interrupt for each line, whatever the terminal was built with, and leaves it to the system afterwards, which
     * would end the process without a word: it is taken back, here and as each line begins.
     */
    private void takeInterrupt() {
        Signals.register(INTERRUPT, this::interrupt, ClassLoader.getPlatformClassLoader());
    }

    private void interrupt() {
        var now = talking;
        if (now == null || !now.giveUp()) {
            Runtime.getRuntime().exit(INTERRUPTED);
        }
    }

    private int converse(Session session, Terminal terminal, LineReader reader) {
        var cooked = terminal.getAttributes();
        var typing = new Attributes(cooked);
        typing.setLocalFlag(Attributes.LocalFlag.ISIG, false); // Ctrl-C is a key while a line is typed
        while (!stage.stopping() && session.exit().isEmpty()) {
            try {
                terminal.setAttributes(typing);
                var text = read(reader);
                terminal.setAttributes(cooked);
                session.execute(text);
            } catch (UserInterruptException e) {
                log.debug("a line was given up");
            } catch (EndOfFileException e) {
                return Faults.DONE;
            }
        }
        return session.exit().orElse(Faults.DONE);
    }

    private String read(LineReader reader) {
        try {
            return stage.stopping() ? "" : reader.readLine("mimir> ");
        } finally {
            takeInterrupt();
        }
    }

    private LineReader reader(Terminal terminal) {
        var parser = new DefaultParser();
        parser.setEofOnUnclosedQuote(true); // the quote goes on in the next line
        var builder = LineReaderBuilder.builder().terminal(terminal).appName("mimir").parser(parser)
                .completer(this::complete).variable(LineReader.SECONDARY_PROMPT_PATTERN, "     > ")
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true);
        History.file(state, log)
                .ifPresent(file -> builder.variable(LineReader.HISTORY_FILE, file));
        var reader = builder.build();
        reader.getWidgets().put("give-up", () -> {
            throw new UserInterruptException(reader.getBuffer().toString());
        });
        reader.getWidgets().put(LineReader.CALLBACK_INIT, () -> {
            takeInterrupt();
            return true;
        });
        reader.getKeyMaps().get(LineReader.MAIN).bind(new Reference("give-up"), KeyMap.ctrl('C'));
        return reader;
    }

    private void complete(LineReader reader, ParsedLine parsed, List<Candidate> candidates) {
        var suggestion = completion.suggest(parsed.words().subList(0, parsed.wordIndex() + 1));
        suggestion.words().forEach(word -> candidates.add(new Candidate(word)));
        if (suggestion.files()) {
            new FileNameCompleter().complete(reader, parsed, candidates);
        }
    }
}
