// SPDX-License-Identifier: Apache-2.0
package mimir.launcher;

import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * Where the launcher speaks: single lines on standard error; standard output belongs to the commands.
 *
 * <p>Threads: thread-safe.
 */
final class Console {
    /** With MIMIR_DEBUG set, what is otherwise one sentence comes with its stack trace. */
    static final boolean DEBUG = System.getenv("MIMIR_DEBUG") != null;

    private static volatile LogFile kept;

    private Console() {
    }

    static void say(String sentence) {
        System.err.println(sentence);
    }

    /** From now on log lines go to this file, too, and its thread says them; null: they are said at once. */
    static void keep(LogFile file) {
        kept = file;
    }

    /**
     * One log line, e.g. {@code WARN  mimir.engine: rig x has no device}; the cause's own words follow in brackets.
     * What is no warning goes to the file only.
     */
    static void log(String level, String bundle, String message, Throwable cause) {
        log(System.currentTimeMillis(), level, bundle, message, cause);
    }

    /** The same, said at that time: in ms since 1970. */
    static void log(long saidMs, String level, String bundle, String message, Throwable cause) {
        var sentence = cause == null ? oneLine(message) : oneLine(message) + " (" + words(rootOf(cause)) + ")";
        boolean loud = level.equals("WARN") || level.equals("ERROR");
        var aloud = loud ? "%-5s %s: %s".formatted(level, bundle, sentence) + traceOf(cause) : null;
        var file = kept;
        if (file != null) {
            // Its thread speaks: a terminal that stands still holds up no one.
            file.add(saidMs, level, bundle, sentence, aloud);
        } else if (loud) {
            say(aloud);
        }
    }

    private static String traceOf(Throwable cause) {
        if (!DEBUG || cause == null) {
            return "";
        }
        var trace = new StringWriter();
        cause.printStackTrace(new PrintWriter(trace));
        return "\n" + trace.toString().stripTrailing();
    }

    private static String words(Throwable root) {
        return root.getMessage() == null ? root.getClass().getSimpleName() : oneLine(root.getMessage());
    }

    static String oneLine(String text) {
        return text == null ? "" : text.strip().replaceAll("\\s+", " ");
    }

    static Throwable rootOf(Throwable thrown) {
        var root = thrown;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root;
    }
}
