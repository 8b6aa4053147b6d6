// SPDX-License-Identifier: Apache-2.0
package mimir.shell;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import mimir.shell.command.GogoCommands;
import mimir.shell.command.Waiting;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;

/**
 * A session of Gogo that turns exceptions into sentences and remembers the status. Commands see an empty standard
 * input: the lines of a pipe are for the shell. Confined; an interrupt gives up what runs.
 */
final class Session implements AutoCloseable {
    private final CommandSession gogo;
    private final PrintStream out;
    private final PrintStream err;
    private final Waiting waiting = new Waiting();
    private int status;

    /** A session of this process. */
    Session(CommandProcessor processor) {
        this(processor, Streams.OUT, Streams.ERR);
    }

    /** A session whose commands write to these streams. */
    Session(CommandProcessor processor, PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
        gogo = processor.createSession(InputStream.nullInputStream(), out, err);
        gogo.currentDir(null); // or Gogo takes sim.camera.* for files and refuses it; commands expand what is one
        gogo.put(GogoCommands.WAITING, waiting);
        gogo.put("SCOPE", "mimir:*"); // our help, sources and so on before those of anybody else
    }

    /** Names of files are meant from this folder. */
    void in(Path folder) {
        gogo.put(GogoCommands.FOLDER, folder);
    }

    /** Runs commands up to the first that fails; returns the status of the last that ran. */
    int execute(String text) {
        try {
            return executeOrThrow(text);
        } catch (Exception e) {
            return fail(e);
        }
    }

    /** Runs commands and returns the code to end with. */
    int run(String text) {
        execute(text);
        return code();
    }

    /** Runs the command of a proof with words that Gogo does not look into, and returns the code to end with. */
    int proof(String command, List<String> words) {
        var names = new ArrayList<String>();
        for (var word : words) {
            names.add("$word" + names.size());
            gogo.put(names.getLast().substring(1), word);
        }
        return run("mimir:" + command + " " + String.join(" ", names));
    }

    /** As {@link #execute}, for readers that deal with unfinished text themselves. */
    int executeOrThrow(String text) throws Exception {
        try {
            var result = gogo.execute(text);
            if (result != null && exit().isEmpty()) {
                out.println(gogo.format(result, Converter.INSPECT));
            }
            status = Faults.DONE;
            return status;
        } finally {
            out.flush();
        }
    }

    /** Gives up what its command waits for; false when only Mimir as a whole could be. Any thread. */
    boolean giveUp() {
        return waiting.giveUp();
    }

    int fail(Exception fault) {
        status = Faults.tell(fault, err);
        return status;
    }

    /** The code to end with, once a command asked for the end. */
    OptionalInt exit() {
        return gogo.get(GogoCommands.EXIT) instanceof Integer code ? OptionalInt.of(code) : OptionalInt.empty();
    }

    /** The code that this session ends with now. */
    int code() {
        return exit().orElse(status);
    }

    @Override
    public void close() {
        gogo.close();
    }
}
