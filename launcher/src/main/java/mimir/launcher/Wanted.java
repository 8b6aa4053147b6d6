// SPDX-License-Identifier: Apache-2.0
package mimir.launcher;

import java.util.List;
import mimir.shell.line.CommandLineParser;

/**
 * What the launcher must know of the command line before any bundle runs: the shell reads it properly, and says what is
 * wrong with it.
 *
 * <p>Threads: immutable.
 *
 * @param name of the instance; null for a process that takes none, or that will refuse its arguments
 * @param rig for people
 */
record Wanted(String name, String rig) {
    private static final Wanted NO_NAME = new Wanted(null, "");

    // Constants, which the compiler copies: there is no class of the shell on this class path.
    private static final String SHAPE = CommandLineParser.NAME_SHAPE;
    private static final String DEFAULT_NAME = CommandLineParser.DEFAULT_NAME;
    private static final String DEFAULT_RIG = CommandLineParser.DEFAULT_RIG;

    /** A prompt, a pipe and {@code run} take a name; {@code exec} and questions about Mimir itself do not. */
    static Wanted of(List<String> arguments) {
        boolean run = !arguments.isEmpty() && arguments.getFirst().equals("run");
        var words = arguments.subList(run ? 1 : 0, arguments.size());
        boolean staysUp = run || words.isEmpty() || words.getFirst().startsWith("--")
            && !words.getFirst().equals("--version");
        if (!staysUp || words.contains("--help") || words.contains("-h")) {
            return NO_NAME;
        }
        var name = value(words, "--name", DEFAULT_NAME);
        return name.matches(SHAPE) ? new Wanted(name, value(words, "--rig", DEFAULT_RIG)) : NO_NAME;
    }

    private static String value(List<String> words, String option, String otherwise) {
        for (int at = 0; at < words.size(); at++) {
            var word = words.get(at);
            if (word.startsWith(option + "=")) {
                return word.substring(option.length() + 1);
            }
            if (word.equals(option)) {
                return at + 1 < words.size() ? words.get(at + 1) : "";
            }
        }
        return otherwise;
    }
}
