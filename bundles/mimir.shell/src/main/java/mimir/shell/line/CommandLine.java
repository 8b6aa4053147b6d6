// SPDX-License-Identifier: Apache-2.0
package mimir.shell.line;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What the process was asked to do. Immutable. */
public sealed interface CommandLine {
    /** Show how Mimir is started. */
    record Help() implements CommandLine {
    }

    /** Show the version. */
    record Version() implements CommandLine {
    }

    /** Read commands from a person or from a pipe. */
    record Console(Choice rig) implements CommandLine {
    }

    /** Run commands on a rig and end. */
    record Exec(Choice rig, String commands) implements CommandLine {
    }

    /**
     * Run a command that comes along with a proof; it loads what rig it needs.
     *
     * @param command its name
     * @param words what it is given, untouched
     */
    record Proof(String command, List<String> words) implements CommandLine {
    }

    /**
     * Give commands to a running instance.
     *
     * @param name of the instance
     */
    record ExecTo(String name, String commands) {
    }

    /**
     * Let a rig run.
     *
     * @param total from when all sources are up; null until a signal
     * @param timed commands at instants of the run, earliest first
     * @param last commands after {@code total}, before stopping; null for none
     * @param report file of the report; null for none
     */
    record Run(Choice rig, Duration total, List<Timed> timed, String last, Path report) implements CommandLine {
    }

    /**
     * Which rig, and the variables of its text.
     *
     * @param name name or file
     * @param variables data, fps, loop as given, budget in bytes
     * @param load folder out of which bundles come in; null for the usual one
     */
    record Choice(String name, Map<String, String> variables, Path load) {
        /** With the usual folder. */
        public Choice(String name, Map<String, String> variables) {
            this(name, variables, null);
        }
    }

    /** Commands at an instant after the start of a run. */
    record Timed(Duration at, String commands) {
    }
}
