// SPDX-License-Identifier: Apache-2.0
package mimir.shell;

import java.io.EOFException;
import java.io.PrintStream;
import java.util.regex.Pattern;
import mimir.api.BadInputException;
import org.apache.felix.gogo.runtime.CommandNotFoundException;
import org.apache.felix.gogo.runtime.SyntaxError;

/** Failures as one sentence and a status. Immutable. */
final class Faults {
    static final int DONE = 0;
    static final int FAILURE = 1;
    static final int USAGE = 2;

    /** Gogo's words when a command of the framework gets what it does not take. */
    private static final Pattern MISFIT = Pattern.compile("Cannot coerce (\\S+?)\\(.*\\) to any of .*");
    private static final boolean DEBUG = System.getenv("MIMIR_DEBUG") != null;

    private Faults() {
    }

    /** Prints the sentence, with {@code MIMIR_DEBUG} the stack as well, and returns the status. */
    static int tell(Throwable fault, PrintStream err) {
        err.println(sentence(fault));
        if (DEBUG) {
            for (var cause = fault; cause != null; cause = cause.getCause()) {
                err.println(cause);
                for (var frame : cause.getStackTrace()) {
                    err.println("    at " + frame);
                }
            }
        }
        return status(fault);
    }

    static int status(Throwable fault) {
        return switch (fault) {
            case BadInputException bad -> USAGE;
            case CommandNotFoundException unknown -> USAGE;
            case SyntaxError syntax -> USAGE;
            case EOFException open -> USAGE;
            case IllegalArgumentException odd when MISFIT.matcher(words(odd)).matches() -> USAGE;
            default -> FAILURE;
        };
    }

    static String sentence(Throwable fault) {
        var words = words(fault);
        var misfit = MISFIT.matcher(words);
        return switch (fault) {
            case CommandNotFoundException unknown ->
                "there is no command '" + unknown.getCommand() + "'; try help";
            case SyntaxError syntax -> "the commands cannot be read: " + words;
            case EOFException open -> "the commands end too early: " + words;
            case IllegalArgumentException odd when misfit.matches() -> "'" + misfit.group(1)
                    + "' has no use for these words; felix:help " + misfit.group(1) + " tells what it takes";
            case InterruptedException stopped -> "a command was given up because Mimir stops";
            case Error error -> "Mimir failed: " + error + "; MIMIR_DEBUG=1 shows where";
            default -> words.isEmpty() ? fault.getClass().getSimpleName() + "; MIMIR_DEBUG=1 shows where" : words;
        };
    }

    private static String words(Throwable fault) {
        return fault.getMessage() == null ? "" : fault.getMessage().strip().replaceAll("\\s+", " ");
    }
}
