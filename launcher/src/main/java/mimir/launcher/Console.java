// SPDX-License-Identifier: Apache-2.0
package mimir.launcher;

/**
 * Where the launcher speaks: single lines on standard error; standard output belongs to the commands.
 *
 * <p>Threads: thread-safe.
 */
final class Console {
    /** With MIMIR_DEBUG set, what is otherwise one sentence comes with its stack trace. */
    static final boolean DEBUG = System.getenv("MIMIR_DEBUG") != null;

    private Console() {
    }

    static void say(String sentence) {
        System.err.println(sentence);
    }

    /** One log line, e.g. {@code WARN  mimir.engine: rig x has no device}; the cause's own words follow in brackets. */
    static void log(String level, String bundle, String message, Throwable cause) {
        var line = new StringBuilder("%-5s %s: %s".formatted(level, bundle, oneLine(message)));
        if (cause != null) {
            var root = rootOf(cause);
            var words = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
            line.append(" (").append(oneLine(words)).append(')');
        }
        say(line.toString());
        if (DEBUG && cause != null) {
            cause.printStackTrace(System.err);
        }
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
