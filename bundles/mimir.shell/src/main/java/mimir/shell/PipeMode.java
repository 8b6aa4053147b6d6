// SPDX-License-Identifier: Apache-2.0
package mimir.shell;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import mimir.api.work.Worker;
import mimir.shell.line.CommandLine;

/**
 * Commands from standard input that is no terminal: one a line, run as it comes, no prompt. Confined to the shell's
 * worker.
 */
final class PipeMode implements Mode {
    private final Stage stage;
    private final CommandLine.Console line;
    /** A channel, because an interrupt ends a read of it; a stream's goes on. */
    private final FileChannel input = new FileInputStream(FileDescriptor.in).getChannel();

    PipeMode(Stage stage, CommandLine.Console line) {
        this.stage = stage;
        this.line = line;
    }

    @Override
    public int run(Worker self) {
        return stage.session(line.rig(), session -> readAll(session));
    }

    private int readAll(Session session) {
        var decoder = Charset.defaultCharset().newDecoder().onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE); // one odd byte is no reason to give up the rest
        // Channels.newReader would wait for 8 KiB or the end of a pipe: it takes a file's channel to be always ready
        var lines = new BufferedReader(new InputStreamReader(Channels.newInputStream(input), decoder));
        var text = new StringBuilder();
        try {
            for (var read = lines.readLine(); read != null && !stage.stopping(); read = lines.readLine()) {
                text.append(read).append('\n');
                if (isWhole(session, text.toString())) {
                    text.setLength(0);
                }
                if (session.exit().isPresent()) {
                    return session.code();
                }
            }
        } catch (IOException e) {
            return stage.stopping() ? session.code() : session.fail(e); // the interrupt closes the input
        }
        return text.isEmpty() ? session.code() : session.execute(text.toString());
    }

    /** Runs the text unless it goes on in the next line, such as an open quote. */
    private static boolean isWhole(Session session, String text) {
        try {
            session.executeOrThrow(text);
        } catch (EOFException e) {
            return false;
        } catch (Exception e) {
            session.fail(e);
        }
        return true;
    }
}
