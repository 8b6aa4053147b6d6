// SPDX-License-Identifier: Apache-2.0
package mimir.itests;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.apache.felix.service.command.CommandProcessor;

/** Commands of the shell, as somebody would type them. Thread-safe. */
record Prompt(CommandProcessor processor) {
    private static final PrintStream NOWHERE = new PrintStream(OutputStream.nullOutputStream());

    /** What a command says on standard output; a command that fails is a failure of the test. */
    String run(String line) {
        try {
            return tryRun(line);
        } catch (Exception refused) {
            throw new AssertionError(line + ": " + refused.getMessage(), refused);
        }
    }

    /** What a command says on standard output. */
    String tryRun(String line) throws Exception {
        var bytes = new ByteArrayOutputStream();
        var out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        try (var session = processor.createSession(InputStream.nullInputStream(), out, NOWHERE)) {
            session.currentDir(null); // as the shell does: patterns are the commands' own
            session.execute("mimir:" + line);
            return bytes.toString(StandardCharsets.UTF_8);
        }
    }
}
